import { join, resolve } from 'node:path';
import type { Config } from '../core/config.ts';
import { errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { announceKey } from '../engine/registry/evidence/own-keys.ts';
import { type Attestor, attestorOf } from '../engine/registry/evidence/attestor.ts';
import type { Store } from '../store/open-store.ts';
import { isRemoteKey, isSecret, openSigner, PASSPHRASE_VARIABLE } from '../vault/open-signer.ts';
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
  const { key, passphrase: passphraseAt } = config.registry.signing;
  const open = async (): Promise<Attestor> => {
    const env = passphraseAt === undefined ? process.env : { ...process.env, [PASSPHRASE_VARIABLE]: await secrets.get(passphraseAt) };
    const made = attestorOf(
      key === undefined
        ? await ownKey(join(data, SIGNING_KEY_FILE), env[PASSPHRASE_VARIABLE])
        : await openSigner(addressOf(key, configFolder), env, undefined, secrets),
    );
    await announceKey(store, made);
    return made;
  };
  let current = await open();
  let turns = Promise.resolve();
  const renew = (): void => {
    turns = turns.then(async () => {
      try {
        const former = current.fingerprint;
        current = await open();
        if (current.fingerprint !== former) log.info({ fingerprint: current.fingerprint }, 'the registry signs with another key');
      } catch (error) {
        log.error({ error: errorMessage(error) }, 'the new signing key cannot be used; the one before goes on');
      }
    });
  };
  // Why both: whoever rotates a key and its passphrase does one after the other.
  const watched = [...(key !== undefined && isSecret(key) ? [key] : []), ...(passphraseAt === undefined ? [] : [passphraseAt])];
  const stops = watched.map((reference) => secrets.watch(reference, renew));
  return {
    current: () => current,
    close() {
      for (const stop of stops) stop();
    },
  };
}

async function ownKey(file: string, passphrase: string | undefined) {
  const pem = await secretFile(file, () => generateKey('P-256', passphrase).privatePem);
  return privateKeySigner(pem, passphrase, file);
}

function addressOf(key: string, folder: string): string {
  return isRemoteKey(key) ? key : resolve(folder, key);
}
