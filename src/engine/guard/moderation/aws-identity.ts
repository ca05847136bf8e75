import { homedir } from 'node:os';
import { join } from 'node:path';
import { CordonError } from '../../../core/errors.ts';
import type { AwsCredentials } from '../../../core/moderation-config.ts';
import type { AwsIdentity } from '../../../vault/aws/sigv4.ts';
import { readSecret, readSmall } from './secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The identity that requests to AWS are signed with: the one of the configuration, else environment variables, else the profile of the
 * shared credentials file. Throws `config.invalid` where there is none. Roles, single sign-on and metadata services are not asked.
 */
export function awsIdentity(credentials: AwsCredentials | undefined, env: Environment): AwsIdentity {
  if (credentials !== undefined && 'accessKeyId' in credentials) {
    return {
      accessKeyId: readSecret(credentials.accessKeyId, env),
      secretAccessKey: readSecret(credentials.secretAccessKey, env),
      ...(credentials.sessionToken !== undefined && { sessionToken: readSecret(credentials.sessionToken, env) }),
    };
  }
  if (credentials === undefined && env.AWS_ACCESS_KEY_ID !== undefined && env.AWS_PROFILE === undefined) {
    return {
      accessKeyId: readSecret({ env: 'AWS_ACCESS_KEY_ID' }, env),
      secretAccessKey: readSecret({ env: 'AWS_SECRET_ACCESS_KEY' }, env),
      ...(env.AWS_SESSION_TOKEN !== undefined &&
        env.AWS_SESSION_TOKEN !== '' && { sessionToken: readSecret({ env: 'AWS_SESSION_TOKEN' }, env) }),
    };
  }
  const file = env.AWS_SHARED_CREDENTIALS_FILE ?? join(env.HOME ?? homedir(), '.aws', 'credentials');
  return fromProfile(file, credentials?.profile ?? env.AWS_PROFILE ?? 'default');
}

function fromProfile(file: string, profile: string): AwsIdentity {
  const place = `the AWS credentials file ${file}`;
  const section = readIni(readSmall(file, place)).get(profile);
  if (section === undefined) throw new CordonError('config.invalid', `${place} has no profile ${JSON.stringify(profile)}`);
  const secret = (name: string): string => {
    const value = section.get(name);
    if (value === undefined || !/^[\x21-\x7e]+$/.test(value))
      throw new CordonError('config.invalid', `${place} has no ${name} in the profile ${JSON.stringify(profile)}`);
    return value;
  };
  return {
    accessKeyId: secret('aws_access_key_id'),
    secretAccessKey: secret('aws_secret_access_key'),
    ...(section.has('aws_session_token') && { sessionToken: secret('aws_session_token') }),
  };
}

/** Sections of an ini file as the AWS tools write it; lines that are neither section nor setting are no concern of ours. */
function readIni(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    if (name !== undefined) {
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0 && !/^\s*[#;]/.test(line)) current?.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return sections;
}
