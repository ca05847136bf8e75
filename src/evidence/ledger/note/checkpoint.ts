import { CordonError, malformed } from '../../../core/errors.ts';
import { type Note, parseNote, signatureOf, verifySignature } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A head of the log as it was signed (C2SP tlog-checkpoint). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly note: Note;
}

/** The text of a checkpoint. */
export function checkpointBody(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Reads a checkpoint; its signatures are not checked. Why no extension lines: this log writes none, so they are not its own. */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const match = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(note.body);
  const root = Buffer.from(match?.[3] ?? '', 'base64');
  const size = Number(match?.[2]);
  if (match === null || !Number.isSafeInteger(size) || root.toString('base64') !== match[3]) throw malformed('the note is no checkpoint');
  return { origin: match[1]!, size, root, note };
}

/** Reads a checkpoint that one of the keys must have signed; a wrong signature of any of them refuses it. */
export function openCheckpoint(text: string, keys: readonly VerifierKey[]): Checkpoint {
  const checkpoint = parseCheckpoint(text);
  let signed = false;
  for (const key of keys) {
    const signature = signatureOf(checkpoint.note, key);
    if (signature === undefined) continue;
    if (!verifySignature(key, checkpoint.note.body, signature)) {
      throw new CordonError('signature.invalid', `the signature of ${key.name} is wrong`);
    }
    signed ||= key.name === checkpoint.origin;
  }
  if (!signed) throw new CordonError('signature.untrusted', 'it is not signed by the key of the ledger');
  return checkpoint;
}
