import { CordonError } from '../../core/errors.ts';
import type { Tx } from '../../store/open-store.ts';
import { appendEntry, lockLedger } from './append.ts';
import { verifyConsistency } from './merkle/verify-proof.ts';
import { type Checkpoint, checkpointBody, openCheckpoint, parseCheckpoint } from './note/checkpoint.ts';
import { formatNote } from './note/note.ts';
import { bodyDigest, type NoteSigner } from './note/signer.ts';
import type { VerifierKey } from './note/verifier-key.ts';
import { consistencyProof, ledgerSize, rootAt } from './read.ts';

/** Kind of the entry that a checkpoint is made with: it names the checkpoint before, so that none can be taken away. */
export const CHECKPOINT_KIND = 'ledger.checkpoint';

/** What that entry says of the checkpoint before. */
export interface PreviousCheckpoint {
  readonly size: number;
  /** SHA-256 of its text without signatures. */
  readonly digest: string;
}

/**
 * Signs the log as it is now; undefined when nothing was appended since the newest checkpoint. Everything signed before must
 * be a beginning of it: whatever is missing or changed there ends in an exception, never in a signature.
 */
export async function makeCheckpoint(
  tx: Tx,
  signer: NoteSigner,
  options: { readonly keys: readonly VerifierKey[]; readonly known: readonly Checkpoint[]; readonly at: number },
): Promise<Checkpoint | undefined> {
  await lockLedger(tx);
  const last = await tx.selectFrom('ledger').select(['position', 'kind']).orderBy('position', 'desc').limit(1).executeTakeFirst();
  const row = await tx.selectFrom('checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
  const previous = row === undefined ? undefined : openCheckpoint(row.note, options.keys);
  for (const known of previous === undefined ? options.known : [previous, ...options.known]) await requireBeginning(tx, known);
  if (last === undefined || (last.kind === CHECKPOINT_KIND && last.position + 1 === previous?.size)) return undefined;
  const body = { previous: previous === undefined ? null : { size: previous.size, digest: bodyDigest(previous.note.body) } };
  const { position } = await appendEntry(tx, { kind: CHECKPOINT_KIND, body, at: options.at });
  const size = position + 1;
  const root = await rootAt(tx, size);
  for (const known of previous === undefined ? options.known : [previous, ...options.known]) {
    if (!verifyConsistency(known, { size, root }, await consistencyProof(tx, known.size, size))) throw rolledBack(known, size);
  }
  const text = checkpointBody(signer.verifier.name, size, root);
  const note = formatNote({ body: text, signatures: [signer.sign(text)] });
  await tx
    .insertInto('checkpoint')
    .values({ size, root: root.toString('hex'), note, created_at: options.at })
    .execute();
  return parseCheckpoint(note);
}

/** Throws unless the database still begins with what was signed. */
export async function requireBeginning(tx: Tx, checkpoint: Checkpoint): Promise<void> {
  const size = await ledgerSize(tx);
  if (size < checkpoint.size || !(await rootAt(tx, checkpoint.size)).equals(checkpoint.root)) throw rolledBack(checkpoint, size);
}

function rolledBack(checkpoint: Checkpoint, size: number): CordonError {
  return new CordonError(
    'ledger.tampered',
    size < checkpoint.size
      ? `the database has ${size} entries, but ${checkpoint.size} were signed: it was rolled back or cut off`
      : `the first ${checkpoint.size} entries are not the ones that were signed: verify the ledger to find the first wrong one`,
  );
}
