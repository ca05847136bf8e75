import { join, resolve } from 'node:path';
import type { Config } from '../core/config.ts';
import { announceKey } from '../engine/registry/evidence/own-keys.ts';
import { type Attestor, attestorOf } from '../engine/registry/evidence/attestor.ts';
import type { Store } from '../store/open-store.ts';
import { isRemoteKey, openSigner, passphraseOf } from '../vault/open-signer.ts';
import { generateKey, privateKeySigner } from '../vault/private-key.ts';
import { SIGNING_KEY_FILE } from './data-folder.ts';
import { secretFile } from './secret-file.ts';

/**
 * The registry's signing key: the one the configuration names, else one made at the first start, readable by the owner only. Its
 * public half goes into the ledger. Throws `key.*`.
 */
export async function openAttestor(config: Config, configFolder: string, data: string, store: Store): Promise<Attestor> {
  const { key } = config.registry.signing;
  const attestor = attestorOf(
    key === undefined ? await ownKey(join(data, SIGNING_KEY_FILE)) : await openSigner(addressOf(key, configFolder), process.env),
  );
  await announceKey(store, attestor);
  return attestor;
}

async function ownKey(file: string) {
  const passphrase = passphraseOf(process.env, undefined);
  const pem = await secretFile(file, () => generateKey('P-256', passphrase).privatePem);
  return privateKeySigner(pem, passphrase, file);
}

function addressOf(key: string, folder: string): string {
  return isRemoteKey(key) ? key : resolve(folder, key);
}
