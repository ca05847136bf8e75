import { readFileSync } from 'node:fs';
import { CordonError, errorMessage } from '../core/errors.ts';
import { vaultSigner } from './hashicorp-vault.ts';
import { privateKeySigner } from './private-key.ts';
import type { Signer } from './signer.ts';

/** Environment variable with the passphrase of encrypted keys. */
export const PASSPHRASE_VARIABLE = 'CORDON_KEY_PASSPHRASE';
const KEY_BYTES = 64 * 1024;

/**
 * Opens a signing key by its address: `FILE` (PEM), `env:NAME` (PEM in an environment variable) or `hashivault://KEY` (transit
 * engine; VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE and TRANSIT_SECRET_ENGINE_PATH as Vault's own tools read them).
 */
export async function openSigner(address: string, env: NodeJS.ProcessEnv, passphraseFile?: string): Promise<Signer> {
  const remote = /^hashivault:\/\/(.+)$/.exec(address)?.[1];
  if (remote !== undefined) return vaultSigner(vaultAccess(env), remote);
  const unknown = /^([a-z]+):\/\//.exec(address)?.[1];
  if (unknown !== undefined)
    throw new CordonError('usage.invalid', `cannot open keys of ${unknown}://; known: FILE, env:NAME, hashivault://KEY`);
  const variable = /^env:(.+)$/.exec(address)?.[1];
  const passphrase = passphraseOf(env, passphraseFile);
  if (variable === undefined) return privateKeySigner(readBounded(address), passphrase, address);
  const pem = env[variable];
  if (pem === undefined || pem === '') throw new CordonError('key.invalid', `the environment variable ${variable} is empty`);
  return privateKeySigner(pem, passphrase, `the key in ${variable}`);
}

/** The passphrase from the named file (without its last line feed), else from the environment. */
export function passphraseOf(env: NodeJS.ProcessEnv, file: string | undefined): string | undefined {
  if (file !== undefined)
    return readBounded(file)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  return env[PASSPHRASE_VARIABLE];
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
