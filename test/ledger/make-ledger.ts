import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendEntries, appendEntry } from '../../src/evidence/ledger/append.ts';
import { type Ledger, openLedger } from '../../src/evidence/ledger/ledger.ts';
import { noteSigner } from '../../src/evidence/ledger/note/signer.ts';
import type { Store } from '../../src/store/open-store.ts';

export const SIGNER = noteSigner('example.com/ledger', Buffer.alloc(32, 5));
export const TRUST = { keys: [SIGNER.verifier.text], witnesses: [] as string[] };

/** A ledger of a store, its checkpoint file in a folder of its own. */
export async function makeLedger(store: Store, file?: string): Promise<{ ledger: Ledger; file: string }> {
  const path = file ?? join(await mkdtemp(join(tmpdir(), 'cordon-ledger-')), 'checkpoint');
  return { ledger: await openLedger({ store, signer: SIGNER, checkpointFile: path, everySeconds: 3600 }), file: path };
}

/** Appends entries and signs after each of the given numbers of them. */
export async function fill(store: Store, ledger: Ledger, batches: readonly number[]): Promise<void> {
  for (const count of batches) {
    const entries = Array.from({ length: count }, (_, index) => ({
      kind: 'model.scanned',
      body: { index, model: `acme/bert-${index % 7}`, note: 'x'.repeat(index % 50) },
      at: 1_800_000_000_000 + index,
    }));
    await store.transaction(async (tx) => {
      await appendEntries(tx, entries.slice(0, -1));
      await appendEntry(tx, entries.at(-1)!);
    });
    await ledger.checkpoint();
  }
}
