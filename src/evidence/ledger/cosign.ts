import { CordonError } from '../../core/errors.ts';
import type { Store } from '../../store/open-store.ts';
import { parseCheckpoint } from './note/checkpoint.ts';
import { formatNote, type NoteSignature, signatureOf, verifySignature } from './note/note.ts';
import { COSIGNATURE, type VerifierKey } from './note/verifier-key.ts';

/**
 * Takes the signatures that witnesses put under a checkpoint. Only those of configured witnesses count, each is verified, and
 * the checkpoint must be one of ours. Returns how many are new.
 */
export async function addCosignatures(store: Store, text: string, witnesses: readonly VerifierKey[]): Promise<number> {
  const signed = parseCheckpoint(text);
  const accepted: NoteSignature[] = [];
  for (const witness of witnesses) {
    const signature = witness.type === COSIGNATURE ? signatureOf(signed.note, witness) : undefined;
    if (signature === undefined) continue;
    if (!verifySignature(witness, signed.note.body, signature)) {
      throw new CordonError('signature.invalid', `the cosignature of ${witness.name} is wrong`);
    }
    accepted.push(signature);
  }
  if (accepted.length === 0) throw new CordonError('signature.untrusted', 'no configured witness signed the checkpoint');
  return await store.transaction(async (tx) => {
    const row = await tx.selectFrom('checkpoint').select('note').where('size', '=', signed.size).executeTakeFirst();
    const kept = row === undefined ? undefined : parseCheckpoint(row.note).note;
    if (kept?.body !== signed.note.body) throw new CordonError('ledger.refused', 'the checkpoint is none of this ledger');
    const fresh = accepted.filter(({ name, keyId }) => !kept.signatures.some((old) => old.name === name && old.keyId.equals(keyId)));
    if (fresh.length > 0) {
      const note = formatNote({ body: kept.body, signatures: [...kept.signatures, ...fresh] });
      await tx.updateTable('checkpoint').set({ note }).where('size', '=', signed.size).execute();
    }
    return fresh.length;
  });
}
