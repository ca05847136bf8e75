import { verify } from 'node:crypto';
import { malformed } from '../../../core/errors.ts';
import { COSIGNATURE, KEY_NAME, type VerifierKey } from './verifier-key.ts';

/** A line of signature under a note. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly bytes: Buffer;
}

/** A text with signatures (C2SP signed-note). */
export interface Note {
  /** Ends with a newline. */
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

/** Why: a checkpoint has some hundred bytes, each witness adds a line. */
export const MAX_NOTE_BYTES = 64 * 1024;
const MAX_SIGNATURES = 64;

/** Reads a note. Nothing of it is trusted before {@link verifySignature}. */
export function parseNote(text: string): Note {
  // oxlint-disable-next-line no-control-regex
  if (text.length > MAX_NOTE_BYTES || /[\u0000-\u0009\u000b-\u001f]/.test(text))
    throw malformed('the note is too long or has control characters');
  const end = text.lastIndexOf('\n\n');
  if (end < 0 || !text.endsWith('\n')) throw malformed('the note has no signatures');
  const lines = text.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed(`the note has more than ${MAX_SIGNATURES} signatures`);
  return { body: text.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/** Writes a note. */
export function formatNote({ body, signatures }: Note): string {
  const lines = signatures.map(({ name, keyId, bytes }) => `— ${name} ${Buffer.concat([keyId, bytes]).toString('base64')}\n`);
  return `${body}\n${lines.join('')}`;
}

/** The signature that a key made or claims to have made, if there is one. */
export function signatureOf(note: Note, key: VerifierKey): NoteSignature | undefined {
  return note.signatures.find(({ name, keyId }) => name === key.name && keyId.equals(key.id));
}

/** Checks one signature over the text of a note. */
export function verifySignature(key: VerifierKey, body: string, signature: NoteSignature): boolean {
  if (signature.name !== key.name || !signature.keyId.equals(key.id)) return false;
  if (key.type !== COSIGNATURE) return signature.bytes.length === 64 && verify(null, Buffer.from(body), key.key, signature.bytes);
  if (signature.bytes.length !== 72) return false;
  return verify(null, cosignedMessage(body, signature.bytes.readBigUInt64BE()), key.key, signature.bytes.subarray(8));
}

/** What a witness signs: when it saw the checkpoint, and the checkpoint (C2SP tlog-cosignature). */
export function cosignedMessage(body: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`);
}

function parseSignature(line: string): NoteSignature {
  const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const raw = Buffer.from(match?.[2] ?? '', 'base64');
  // Why encoded again: base64 has several spellings of the same bytes, and a changed byte must not go unnoticed.
  if (match === null || !KEY_NAME.test(match[1]!) || raw.length < 5 || raw.toString('base64') !== match[2]) {
    throw malformed('a line under the note is no signature');
  }
  return { name: match[1]!, keyId: raw.subarray(0, 4), bytes: raw.subarray(4) };
}
