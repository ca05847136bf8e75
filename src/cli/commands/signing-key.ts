import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { curveOf, keyFingerprint, publicKeyPem, readPublicKey } from '../../vault/ec-key.ts';
import { isRemoteKey, openSigner, passphraseOf, PASSPHRASE_VARIABLE } from '../../vault/open-signer.ts';
import { generateKey } from '../../vault/private-key.ts';
import { EXIT } from '../exit-codes.ts';
import { passphraseAt } from '../signing/seal-options.ts';
import type { Io } from '../io.ts';

/** Options of `cordon signing-key create` as commander gives them. */
interface CreateFlags {
  readonly curve: string;
  readonly passphraseFile?: string;
  readonly plain?: boolean;
}

/** `cordon signing-key create FILE`: FILE (readable by its owner only) and FILE.pub; nothing is ever replaced. */
export async function signingKeyCreateCommand(file: string, flags: CreateFlags, io: Io): Promise<number> {
  const path = resolve(io.cwd, file);
  const passphrase = await passphraseOf(io.env, passphraseAt(flags.passphraseFile, io));
  if (passphrase === undefined && flags.plain !== true)
    throw new CordonError(
      'usage.invalid',
      `give a passphrase (--passphrase-file FILE or ${PASSPHRASE_VARIABLE}), or say --plain to leave the key unencrypted`,
    );
  if (passphrase === '') throw new CordonError('usage.invalid', 'the passphrase is empty');
  const taken = [path, `${path}.pub`].find((name) => existsSync(name));
  if (taken !== undefined) throw new CordonError('usage.invalid', `${taken} exists; keys are never replaced`);
  const { privatePem, publicPem } = generateKey(flags.curve, flags.plain === true ? undefined : passphrase);
  try {
    writeFileSync(path, privatePem, { flag: 'wx', mode: 0o600 });
    writeFileSync(`${path}.pub`, publicPem, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    throw new CordonError('usage.invalid', `cannot write ${path}: ${errorMessage(error)}`, { cause: error });
  }
  io.stdout.write(
    `wrote ${printable(path)} and ${printable(`${path}.pub`)}\nfingerprint ${keyFingerprint(readPublicKey(publicPem, file))}\n`,
  );
  return EXIT.allowed;
}

/** `cordon signing-key show KEY`: the public half and its fingerprint, whatever holds the private half. */
export async function signingKeyShowCommand(key: string, flags: { readonly passphraseFile?: string }, io: Io): Promise<number> {
  const address = isRemoteKey(key) ? key : resolve(io.cwd, key);
  const { publicKey } = await openSigner(address, io.env, passphraseAt(flags.passphraseFile, io));
  io.stdout.write(`${publicKeyPem(publicKey)}`);
  io.stderr.write(`${curveOf(publicKey).name}, fingerprint ${keyFingerprint(publicKey)}\n`);
  return EXIT.allowed;
}
