import type { UpstreamOf } from '../../../../core/gateway-upstream-config.ts';
import { awsIdentityProvider } from '../../../../vault/aws/identity.ts';
import type { AwsIdentity } from '../../../../vault/aws/sigv4.ts';
import type { SecretReader } from '../upstreams.ts';
import type { Credential } from './credential.ts';

/** How long an identity is used before it is asked for again: those of roles end, and keys are rotated. */
const ASK_MS = 60_000;
const RETRY_MS = 5_000;
/** Longest use of an identity that cannot be renewed. */
const STALE_MS = 15 * 60_000;

/** An identity of AWS. It adds no header by itself: {@link identity} is what requests are signed with. */
export interface AwsCredential extends Credential {
  identity(): AwsIdentity;
}

/** The identity of the configuration, or the one that the AWS tools would use. */
export function awsCredential(keys: UpstreamOf<'bedrock'>['credentials'], secrets: SecretReader, now: () => number): AwsCredential {
  const ambient = keys === undefined ? awsIdentityProvider(process.env, 'secret.unavailable') : undefined;
  let known: AwsIdentity | undefined;
  let readAt = 0;
  let askAt = 0;
  let asking: Promise<readonly string[]> | undefined;

  async function read(): Promise<AwsIdentity> {
    if (ambient !== undefined || keys === undefined) return ambient!();
    const [accessKeyId, secretAccessKey, sessionToken] = await Promise.all([
      secrets.get(keys.accessKeyId),
      secrets.get(keys.secretAccessKey),
      keys.sessionToken === undefined ? undefined : secrets.get(keys.sessionToken),
    ]);
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  async function renewed(): Promise<readonly string[]> {
    try {
      known = await read();
      readAt = now();
      askAt = readAt + ASK_MS;
      return [];
    } catch (error) {
      askAt = now() + RETRY_MS;
      if (isUsable()) return [];
      throw error;
    }
  }

  function isUsable(): boolean {
    return known !== undefined && now() - readAt < STALE_MS;
  }

  function renew(): Promise<readonly string[]> {
    return (asking ??= renewed().finally(() => (asking = undefined)));
  }

  return {
    current() {
      if (!isUsable()) return undefined;
      if (now() >= askAt && asking === undefined) renew().catch(() => undefined);
      return NOTHING;
    },
    renew,
    identity: () => known!,
    secretValues: () => (known === undefined ? [] : [known.secretAccessKey, ...(known.sessionToken ? [known.sessionToken] : [])]),
    close: () => {},
  };
}

const NOTHING: readonly string[] = [];
