import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import type { SecretPlace } from '../../core/secret-reference.ts';
import type { SecretsConfig } from '../../core/secrets-config.ts';
import { awsIdentityProvider } from '../aws/identity.ts';
import { secretsManagerSource } from '../aws/secrets-manager.ts';
import { azureToken } from '../azure/azure-token.ts';
import { keyVaultSource } from '../azure/key-vault-source.ts';
import { googleToken } from '../gcp/google-token.ts';
import { secretManagerSource } from '../gcp/secret-manager-source.ts';
import { openVaultSession } from '../hashicorp/vault-session.ts';
import { vaultSource } from '../hashicorp/vault-source.ts';
import { type Asker, openAsker } from '../http/ask.ts';
import { kubernetesSource, mountedSource } from '../kubernetes/secret-source.ts';
import { environmentSource } from './environment.ts';
import { fileSource } from './file.ts';
import type { SecretSource } from './secret-source.ts';

export interface SourcesOptions {
  readonly config: SecretsConfig;
  /** Folder that files of the configuration are relative to. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
}

type Opened = Omit<SecretSource, 'pollMs'>;

/** Every place, opened when a reference names it first. */
export function openSources(options: SourcesOptions): Readonly<Record<SecretPlace, SecretSource>> {
  const { config, folder, env } = options;
  const { mounts } = config.kubernetes;
  return {
    env: environmentSource(env),
    file: fileSource(folder),
    vault: lazily(() => openVault(options)),
    'aws-sm': lazily(() => openAws(options)),
    'azure-kv': lazily(() => openAzure(options)),
    'gcp-sm': lazily(() => openGoogle(options)),
    k8s: mounts === undefined ? lazily(() => openKubernetes(options)) : mountedSource(resolve(folder, mounts)),
  };
}

function lazily(open: () => Opened): SecretSource {
  let opened: Opened | undefined;
  return {
    read: async (reference, signal) => (opened ??= open()).read(reference, signal),
    close: async () => opened?.close?.(),
  };
}

/** A source that ends its connections when it is closed. */
function over(askers: readonly Asker[], source: SecretSource): Opened {
  return {
    read: (reference, signal) => source.read(reference, signal),
    async close() {
      await source.close?.();
      await Promise.all(askers.map((one) => one.close()));
    },
  };
}

function asker({ config }: SourcesOptions, options: { readonly caFile?: string | undefined; readonly allowHttp?: boolean } = {}): Asker {
  return openAsker({ code: 'secret.unavailable', timeoutMs: config.timeoutSeconds * 1_000, allowHttp: config.allowHttp, ...options });
}

function openVault(options: SourcesOptions): Opened {
  const { config, folder, env, now } = options;
  const { address = env.VAULT_ADDR ?? env.BAO_ADDR, namespace = env.VAULT_NAMESPACE, caFile = env.VAULT_CACERT, kv, auth } = config.vault;
  if (address === undefined) throw new CordonError('config.invalid', 'vault: needs secrets.vault.address or VAULT_ADDR');
  const asks = asker(options, { caFile: caFile === undefined ? undefined : resolve(folder, caFile) });
  const session = openVaultSession({ asker: asks, address, namespace, auth, env, folder, now });
  return over([asks], vaultSource({ session, kv, now }));
}

function openAws(options: SourcesOptions): Opened {
  const { config, env, now } = options;
  const { region, endpoint = env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? env.AWS_ENDPOINT_URL } = config.aws;
  const asks = asker(options);
  const access = { asker: asks, identity: awsIdentityProvider(env, 'secret.unavailable'), endpoint, now };
  return over([asks], secretsManagerSource(access, region, env));
}

function openAzure(options: SourcesOptions): Opened {
  const { config, env, now } = options;
  const { domain, authority, endpoint } = config.azure;
  const [asks, metadata] = [asker(options), asker(options, { allowHttp: true })];
  const token = azureToken({ asker: asks, metadata, authority, resource: `https://${domain}`, env, now, code: 'secret.unavailable' });
  return over([asks, metadata], keyVaultSource({ asker: asks, token, domain, endpoint }));
}

function openGoogle(options: SourcesOptions): Opened {
  const { config, env, now } = options;
  const [asks, metadata] = [asker(options), asker(options, { allowHttp: true })];
  const token = googleToken({ asker: asks, metadata, env, now, code: 'secret.unavailable' });
  return over([asks, metadata], secretManagerSource(asks, token, config.gcp.endpoint));
}

function openKubernetes(options: SourcesOptions): Opened {
  const { config, folder, env } = options;
  const { tokenFile, caFile, server } = config.kubernetes;
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  const address = server ?? (host === undefined ? undefined : `https://${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (address === undefined)
    throw new CordonError('config.invalid', 'k8s: needs secrets.kubernetes.mounts or .server outside of a cluster');
  const asks = asker(options, { caFile: address.startsWith('https:') ? resolve(folder, caFile) : undefined });
  return over([asks], kubernetesSource({ asker: asks, server: address, tokenFile: resolve(folder, tokenFile) }));
}
