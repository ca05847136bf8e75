import { CordonError } from '../../core/errors.ts';
import type { SecretPlace } from '../../core/secret-reference.ts';
import type { SecretsConfig } from '../../core/secrets-config.ts';
import { environmentSource } from './environment.ts';
import { fileSource } from './file.ts';
import type { SecretSource } from './secret-source.ts';

export interface SourcesOptions {
  readonly config: SecretsConfig;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Every place, ready to be asked. */
export function openSources({ folder, env }: SourcesOptions): Readonly<Record<SecretPlace, SecretSource>> {
  const absent: SecretSource = {
    read: ({ place }) => Promise.reject(new CordonError('config.invalid', `no access to ${place} is configured`)),
  };
  return {
    env: environmentSource(env),
    file: fileSource(folder),
    vault: absent,
    'aws-sm': absent,
    'azure-kv': absent,
    'gcp-sm': absent,
    k8s: absent,
  };
}
