import { join, resolve } from 'node:path';
import type { Config } from '../core/config.ts';
import { errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { announceKey } from '../engine/registry/evidence/own-keys.ts';
import { type Attestor, attestorOf } from '../engine/registry/evidence/attestor.ts';
import type { Store } from '../store/open-store.ts';
import { isRemoteKey, isSecret, openSigner, passphraseOf } from '../vault/open-signer.ts';
import type { Secrets } from '../vault/secrets/open-secrets.ts';
import { generateKey, privateKeySigner } from '../vault/private-key.ts';
import { SIGNING_KEY_FILE } from './data-folder.ts';
import { secretFile } from './secret-file.ts';

/** The registry's voice, and how to stop looking for new keys. */
export interface OpenAttestor {
  /** With the key that counts now. */
  current(): Attestor;
  close(): void;
}

export interface AttestorOptions {
  readonly config: Config;
  readonly configFolder: string;
  /** Data folder of the server. */
  readonly data: string;
  readonly store: Store;
  readonly secrets: Secrets;
  readonly log: Logger;
}

/**
 * The registry's signing key: the one the configuration names, else one made at the first start, readable by the owner only. Its
 * public half goes into the ledger before it is used. One that is kept as a secret is exchanged when the secret is rotated. Throws `key.*`.
 */
export async function openAttestor({ config, configFolder, data, store, secrets, log }: AttestorOptions): Promise<OpenAttestor> {
  const { key } = config.registry.signing;
  const open = async (): Promise<Attestor> => {
    const made = attestorOf(
      key === undefined
        ? await ownKey(join(data, SIGNING_KEY_FILE))
        : await openSigner(addressOf(key, configFolder), process.env, undefined, secrets),
    );
    await announceKey(store, made);
    return made;
  };
  let current = await open();
  let turns = Promise.resolve();
  const renew = (): void => {
    turns = turns.then(async () => {
      try {
        current = await open();
        log.info({ fingerprint: current.fingerprint }, 'the registry signs with another key');
      } catch (error) {
        log.error({ error: errorMessage(error) }, 'the new signing key cannot be used; the one before goes on');
      }
    });
  };
  const stop = key !== undefined && isSecret(key) ? secrets.watch(key, renew) : undefined;
  return { current: () => current, close: () => stop?.() };
}

async function ownKey(file: string) {
  const passphrase = passphraseOf(process.env, undefined);
  const pem = await secretFile(file, () => generateKey('P-256', passphrase).privatePem);
  return privateKeySigner(pem, passphrase, file);
}

function addressOf(key: string, folder: string): string {
  return isRemoteKey(key) ? key : resolve(folder, key);
}
