import { errorMessage } from '../../../core/errors.ts';
import type { Logger } from '../../../core/logger.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { unlinkIfThere } from '../../../store/blobs/durable.ts';
import type { Store } from '../../../store/open-store.ts';
import type { JournalPosition } from './journal/journal.ts';
import { RunReader } from './journal/run-reader.ts';
import { segmentPath } from './journal/segments.ts';
import { storeBatch } from './store-batch.ts';

/** What one transaction takes: long enough to be cheap, short enough that others get the database in between. */
const BATCH = { frames: 512, bytes: 4 * 1_048_576 } as const;

export interface DrainOptions {
  readonly store: Store;
  readonly folder: string;
  readonly log: Logger;
  readonly now: () => number;
}

/** Takes the journal of one run into the database, batch by batch, and removes what was taken. */
export class RunDrain {
  readonly #options: DrainOptions;
  readonly #run: string;
  readonly #first: number;
  readonly #last: number;
  #reader: RunReader;
  #stored = 0;

  constructor(options: DrainOptions, run: string, { first, last }: { readonly first: number; readonly last: number }) {
    this.#options = options;
    this.#run = run;
    this.#first = first;
    this.#last = last;
    this.#reader = this.#open(first);
  }

  /** Highest sequence number that was taken. */
  get stored(): number {
    return this.#stored;
  }

  /**
   * Takes one batch; answers how many records were stored and which segments were removed, or undefined when there was nothing. After an
   * error everything that is still there is read again, and what was stored before is passed over.
   */
  async step(written?: JournalPosition): Promise<{ readonly records: number; readonly removed: readonly number[] } | undefined> {
    const { store, folder, log, now } = this.#options;
    try {
      const { frames, passed, damaged, torn } = await this.#reader.read(BATCH, written);
      if (damaged > 0) await this.#report(damaged);
      if (torn > 0)
        log.warn({ run: this.#run, bytes: torn }, 'the end of a journal was cut off: it was being written when the process ended');
      const records = frames.length === 0 ? 0 : await storeBatch(store, this.#run, frames, now());
      for (const number of passed) await unlinkIfThere(segmentPath(folder, this.#run, number));
      this.#stored = frames.at(-1)?.sequence ?? this.#stored;
      return frames.length === 0 && passed.length === 0 ? undefined : { records, removed: passed };
    } catch (error) {
      this.#reader = this.#open(this.#first);
      throw error;
    }
  }

  /** Forgets a run that is over and was taken. */
  async forget(): Promise<void> {
    await this.#options.store.db.deleteFrom('gateway_journal').where('run', '=', this.#run).execute();
  }

  /** Why into the ledger: bytes that were acknowledged may be gone, and that must not stay between a disk and its log file. */
  async #report(bytes: number): Promise<void> {
    const { store, log } = this.#options;
    log.error({ run: this.#run, bytes }, 'a journal of the gateway is damaged: records are lost');
    await store
      .transaction((tx) => appendEntry(tx, { kind: 'gateway.journal-damaged', body: { run: this.#run, bytes } }))
      .catch((error: unknown) => log.error({ error: errorMessage(error) }, 'the damage could not be written to the ledger'));
  }

  #open(first: number): RunReader {
    return new RunReader(this.#options.folder, this.#run, first, this.#last);
  }
}
