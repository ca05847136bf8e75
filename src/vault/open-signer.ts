import { readFileSync } from 'node:fs';
import { CordonError, errorMessage } from '../core/errors.ts';
import { SECRET_PLACES } from '../core/secret-reference.ts';
import { vaultSigner } from './hashicorp-vault.ts';
import { awsKmsSigner } from './kms/aws-kms.ts';
import { azureKeySigner } from './kms/azure-key-vault.ts';
import { googleKmsSigner } from './kms/google-kms.ts';
import { privateKeySigner } from './private-key.ts';
import { openSecrets, type Secrets } from './secrets/open-secrets.ts';
import type { Signer } from './signer.ts';

/** Environment variable with the passphrase of encrypted keys. */
export const PASSPHRASE_VARIABLE = 'CORDON_KEY_PASSPHRASE';
const KEY_BYTES = 64 * 1024;

/** Services that hold keys and never give them out, by the scheme of addresses. */
const MANAGERS: Readonly<Record<string, (address: string, env: NodeJS.ProcessEnv) => Promise<Signer>>> = {
  hashivault: (address, env) => vaultSigner(vaultAccess(env), address),
  awskms: (address, env) => awsKmsSigner(address, env),
  gcpkms: (address, env) => googleKmsSigner(address, env),
  azurekms: (address, env) => azureKeySigner(address, env),
};

const KEY_ADDRESSES =
  'FILE (PEM), env:NAME, hashivault://KEY, awskms:///KEY, gcpkms://VERSION, azurekms://KEY, or a secret such as vault:PATH#FIELD';

/** Whether an address is none of a file. */
export function isRemoteKey(address: string): boolean {
  return /^[a-z][a-z0-9]*:\/\//.test(address) || secretPlaceOf(address) !== undefined;
}

/** Whether an address is that of a secret which holds the key. */
export function isSecret(address: string): boolean {
  return secretPlaceOf(address) !== undefined;
}

/**
 * Opens a signing key by its address: `FILE` (PEM), a secret that holds the PEM (`env:NAME`, `vault:PATH#FIELD`, see docs/secrets.md),
 * or a key manager: `hashivault://KEY` (transit engine; VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE and TRANSIT_SECRET_ENGINE_PATH as
 * Vault's own tools read them), `awskms:///KEY`, `gcpkms://VERSION`, `azurekms://VAULT/KEY`. The passphrase is in the named file or secret,
 * else in the environment. Secrets come from `secrets` where given.
 */
export async function openSigner(address: string, env: NodeJS.ProcessEnv, passphraseAt?: string, secrets?: Secrets): Promise<Signer> {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9]*):\/\/(.+)$/s.exec(address) ?? [];
  if (scheme !== undefined) {
    const manager = Object.hasOwn(MANAGERS, scheme) ? MANAGERS[scheme] : undefined;
    if (manager === undefined) throw new CordonError('usage.invalid', `cannot open keys of ${scheme}://; known: ${KEY_ADDRESSES}`);
    return manager(rest, env);
  }
  const passphrase = await passphraseOf(env, passphraseAt, secrets);
  const place = secretPlaceOf(address);
  if (place === undefined) return privateKeySigner(readBounded(address), passphrase, address);
  return privateKeySigner(await secretAt(address, env, secrets), passphrase, `the key in ${address.slice(place.length + 1)}`);
}

function secretPlaceOf(address: string): string | undefined {
  return SECRET_PLACES.find((place) => place !== 'file' && address.startsWith(`${place}:`));
}

async function secretAt(address: string, env: NodeJS.ProcessEnv, secrets: Secrets | undefined): Promise<string> {
  const opened = secrets ?? openSecrets({ env });
  try {
    return await opened.get(address);
  } catch (error) {
    const isOurs = error instanceof CordonError && error.code === 'secret.unavailable';
    throw new CordonError(isOurs ? 'key.unavailable' : 'key.invalid', errorMessage(error), { cause: error });
  } finally {
    if (secrets === undefined) await opened.close();
  }
}

/** The passphrase from the named file (without its last line feed) or secret, else from the environment. */
export async function passphraseOf(env: NodeJS.ProcessEnv, at: string | undefined, secrets?: Secrets): Promise<string | undefined> {
  if (at === undefined) return env[PASSPHRASE_VARIABLE];
  if (isSecret(at)) return secretAt(at, env, secrets);
  return readBounded(at)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function vaultAccess(env: NodeJS.ProcessEnv) {
  const { VAULT_ADDR: address, VAULT_TOKEN: token, VAULT_NAMESPACE: namespace, TRANSIT_SECRET_ENGINE_PATH: mount } = env;
  if (address === undefined || token === undefined)
    throw new CordonError('usage.invalid', 'hashivault:// needs VAULT_ADDR and VAULT_TOKEN in the environment');
  return { address, token, ...(namespace !== undefined && { namespace }), ...(mount !== undefined && { mount }) };
}

function readBounded(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > KEY_BYTES) throw new Error(`larger than ${KEY_BYTES} bytes`);
    return bytes;
  } catch (error) {
    throw new CordonError('key.invalid', `cannot read ${file}: ${errorMessage(error)}`, { cause: error });
  }
}
