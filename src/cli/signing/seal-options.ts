import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { readCertificates } from '../../evidence/signature/read-pem.ts';
import { certificateSeal, keySeal, type Seal, type Stamp } from '../../evidence/signature/seal.ts';
import { isRemoteKey, isSecret, openSigner } from '../../vault/open-signer.ts';
import type { Io } from '../io.ts';
import { readBounded } from './read-bounded.ts';

/** Options of every command that signs, as commander gives them. */
export interface SealFlags {
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly certificate?: string;
  readonly chain?: readonly string[];
  readonly keyless?: boolean;
  readonly identityToken?: string;
  readonly fulcioUrl?: string;
  readonly rekorUrl?: string;
  readonly rekorVersion?: string;
  readonly timestampUrl?: string;
}

/** What the flags say about how to sign: with a key, with a certificate, or keylessly. */
export async function sealOf(flags: SealFlags, io: Io): Promise<Seal> {
  if (flags.keyless === true) return keylessSeal(flags, io);
  if (flags.key === undefined)
    throw new CordonError('usage.invalid', 'say how to sign: --key KEY, with --certificate FILE if there is one, or --keyless');
  const address = isRemoteKey(flags.key) ? flags.key : resolve(io.cwd, flags.key);
  const signer = await openSigner(address, io.env, passphraseAt(flags.passphraseFile, io));
  const stamp = await stampOf(flags);
  if (flags.certificate === undefined) return keySeal(signer, stamp);
  const files = [flags.certificate, ...(flags.chain ?? [])];
  const chain = files.flatMap((file) => readCertificates(readBounded(file, io).toString(), file));
  return certificateSeal(signer, chain, stamp);
}

/** Where `--passphrase-file` says that the passphrase is: a file of the working directory, or a secret. */
export function passphraseAt(given: string | undefined, io: Io): string | undefined {
  return given === undefined || isSecret(given) ? given : resolve(io.cwd, given);
}

async function stampOf({ timestampUrl }: SealFlags): Promise<Stamp | undefined> {
  if (timestampUrl === undefined) return undefined;
  const { timestampFrom } = await import('../../evidence/signature/timestamp.ts');
  return timestampFrom(timestampUrl);
}

async function keylessSeal(flags: SealFlags, io: Io): Promise<Seal> {
  if (flags.key !== undefined || flags.certificate !== undefined)
    throw new CordonError('usage.invalid', '--keyless makes its own key and certificate');
  const version = flags.rekorVersion ?? '1';
  if (version !== '1' && version !== '2') throw new CordonError('usage.invalid', '--rekor-version is 1 or 2');
  const { sigstoreSeal } = await import('../../evidence/signature/seal-sigstore.ts');
  return sigstoreSeal({
    ...(flags.fulcioUrl !== undefined && { fulcioUrl: flags.fulcioUrl }),
    ...(flags.rekorUrl !== undefined && { rekorUrl: flags.rekorUrl }),
    ...(flags.timestampUrl !== undefined && { tsaUrl: flags.timestampUrl }),
    rekorVersion: version === '2' ? 2 : 1,
    identityToken: await identityToken(flags, io),
  });
}

/** From a file, else from the environment, else from the CI service. Why no argument: other users of a machine read command lines. */
async function identityToken({ identityToken: file }: SealFlags, io: Io): Promise<string> {
  if (file !== undefined) return readFileSync(resolve(io.cwd, file), 'utf8').trim();
  const given = io.env['SIGSTORE_ID_TOKEN'];
  if (given !== undefined && given !== '') return given;
  // Why the default: a CommonJS package has no other name in the bundle.
  const { default: sigstore } = await import('@sigstore/sign');
  try {
    return await new sigstore.CIContextProvider('sigstore').getToken();
  } catch (error) {
    throw new CordonError(
      'usage.invalid',
      'no identity: give --identity-token FILE or SIGSTORE_ID_TOKEN, or run where a CI service issues tokens',
      { cause: error },
    );
  }
}
