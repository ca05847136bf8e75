import { CordonError } from '../../core/errors.ts';
import type { AwsIdentity } from './sigv4.ts';

/** Asks for the identity each time, because those of roles end. */
export type AwsIdentityProvider = () => Promise<AwsIdentity>;

/**
 * The identity that the AWS tools would use: environment, profiles, single sign-on, web identity of a service account, containers, the
 * machine. Why through the client for S3: the chain is part of it, and no package more is needed.
 */
export function awsIdentityProvider(env: NodeJS.ProcessEnv, code: 'secret.unavailable' | 'key.unavailable'): AwsIdentityProvider {
  let chain: AwsIdentityProvider | undefined;
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
    if (accessKeyId && secretAccessKey && !env.AWS_PROFILE) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    try {
      if (chain === undefined) {
        // Why the default: a CommonJS package has no other name in the bundle.
        const { default: s3 } = await import('@aws-sdk/client-s3');
        const { credentials } = new s3.S3Client({ region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1' }).config;
        chain = () => credentials();
      }
      return await chain();
    } catch {
      // Why no cause: providers quote what they read.
      throw new CordonError(code, 'no AWS credentials were found where the AWS tools look for them');
    }
  };
}
