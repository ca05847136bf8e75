import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CordonError } from '../../../core/errors.ts';
import type { NoteSignature } from './note.ts';
import { NOTE, type VerifierKey, verifierKey } from './verifier-key.ts';

/** The key that signs checkpoints. */
export interface NoteSigner {
  readonly verifier: VerifierKey;
  sign(body: string): NoteSignature;
}

/** Ed25519 keys as PKCS #8 are this and the 32 bytes of the seed (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signer from a name and a seed of 32 bytes. */
export function noteSigner(name: string, seed: Uint8Array): NoteSigner {
  if (seed.length !== 32) throw new CordonError('key.invalid', 'an Ed25519 seed has 32 bytes');
  const key: KeyObject = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  const verifier = verifierKey(name, NOTE, Buffer.from(x ?? '', 'base64url'));
  return { verifier, sign: (body) => ({ name, keyId: verifier.id, bytes: sign(null, Buffer.from(body), key) }) };
}

/** Reads `PRIVATE+KEY+name+id+base64`, the form that note tools use. */
export function parseSigner(text: string): NoteSigner {
  const match = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const encoded = Buffer.from(match?.[3] ?? '', 'base64');
  if (match === null || encoded.length !== 33 || encoded[0] !== NOTE) {
    throw new CordonError('key.invalid', 'the key of the ledger is not PRIVATE+KEY+NAME+ID+KEY');
  }
  const signer = noteSigner(match[1]!, encoded.subarray(1));
  if (signer.verifier.id.toString('hex') !== match[2])
    throw new CordonError('key.invalid', 'the key of the ledger has another id than it says');
  return signer;
}

/**
 * The signing key of the ledger: as given, from the environment variable if it is set, else from the file, which is made at the first
 * start, readable by its owner only. The log gets a name of its own then, unless one is given.
 */
export async function openSigner(source: {
  readonly file: string;
  readonly env?: string;
  /** The key as text, from wherever it is kept; it comes first. */
  readonly text?: string | undefined;
  readonly name?: string;
}): Promise<NoteSigner> {
  const given = source.text ?? (source.env === undefined ? undefined : process.env[source.env]);
  if (given !== undefined && given !== '') return parseSigner(given);
  const existing = await read(source.file);
  if (existing !== undefined) return parseSigner(existing);
  await mkdir(dirname(source.file), { recursive: true, mode: 0o700 });
  const name = source.name ?? `cordon/ledger/${randomBytes(8).toString('hex')}`;
  const seed = randomBytes(32);
  const { verifier } = noteSigner(name, seed);
  const text = `PRIVATE+KEY+${name}+${verifier.id.toString('hex')}+${Buffer.concat([Uint8Array.of(NOTE), seed]).toString('base64')}\n`;
  const temporary = `${source.file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // Why link and not rename: of two servers that start together, the second takes the key of the first.
  await link(temporary, source.file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary);
  return parseSigner((await read(source.file)) ?? '');
}

async function read(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    await chmod(file, 0o600);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CordonError('key.unavailable', 'the key of the ledger cannot be read', { cause: error });
  }
}

/** SHA-256 of the text of a note, hexadecimal: how one checkpoint names another, whatever witnesses add to it. */
export function bodyDigest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
