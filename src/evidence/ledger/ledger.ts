import { CordonError, errorMessage } from '../../core/errors.ts';
import { type Logger, SILENT } from '../../core/logger.ts';
import type { Store } from '../../store/open-store.ts';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts';
import { makeCheckpoint, requireBeginning } from './make-checkpoint.ts';
import { type Checkpoint, openCheckpoint } from './note/checkpoint.ts';
import { formatNote } from './note/note.ts';
import type { NoteSigner } from './note/signer.ts';
import type { VerifierKey } from './note/verifier-key.ts';
import { ledgerSize } from './read.ts';

/** What {@link openLedger} needs. */
export interface LedgerOptions {
  readonly store: Store;
  readonly signer: NoteSigner;
  /** Outside the database, so that a database that was rolled back is noticed. */
  readonly checkpointFile: string;
  /** Keys that signed before the key was changed. */
  readonly formerKeys?: readonly VerifierKey[];
  /** A checkpoint is signed after so many entries, */
  readonly everyEntries?: number;
  /** and after so many seconds if there is anything new. */
  readonly everySeconds?: number;
  readonly log?: Logger;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Why: the number of entries is asked for this often; asking costs one read of an index. */
const LOOK_MS = 1_000;

/** The signing side of the ledger: makes checkpoints while the server runs and when it stops. */
export class Ledger {
  readonly #store: Store;
  readonly #signer: NoteSigner;
  readonly #file: string;
  readonly #keys: readonly VerifierKey[];
  readonly #everyEntries: number;
  readonly #everyMs: number;
  readonly #log: Logger;
  readonly #now: () => number;
  #newest: Checkpoint | undefined;
  #madeAt: number;
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: LedgerOptions) {
    this.#store = options.store;
    this.#signer = options.signer;
    this.#file = options.checkpointFile;
    this.#keys = [options.signer.verifier, ...(options.formerKeys ?? [])];
    this.#everyEntries = options.everyEntries ?? 1_000;
    this.#everyMs = (options.everySeconds ?? 60) * 1000;
    this.#log = options.log ?? SILENT;
    this.#now = options.now ?? Date.now;
    this.#madeAt = this.#now();
  }

  /** The newest checkpoint that this process signed or found. */
  get newest(): Checkpoint | undefined {
    return this.#newest;
  }

  /** The key that others verify with. */
  get verifier(): VerifierKey {
    return this.#signer.verifier;
  }

  /** Compares file and database, then signs on its own. */
  async start(): Promise<void> {
    const text = await readCheckpointFile(this.#file);
    const outside = text === undefined ? undefined : this.#open(text, `the checkpoint file ${this.#file}`);
    const row = await this.#store.db.selectFrom('checkpoint').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
    const inside = row === undefined ? undefined : this.#open(row.note, `checkpoint ${row.size} of the database`);
    await this.#store.transaction(async (tx) => {
      for (const checkpoint of [outside, inside]) if (checkpoint !== undefined) await requireBeginning(tx, checkpoint);
    });
    if (outside === undefined && inside !== undefined) {
      this.#log.warn({ file: this.#file }, 'there is no checkpoint file, so a database that was rolled back cannot be noticed');
    }
    this.#newest = (outside?.size ?? 0) > (inside?.size ?? 0) ? outside : inside;
    if (this.#newest !== undefined && this.#newest.size > (outside?.size ?? 0))
      await writeCheckpointFile(this.#file, formatNote(this.#newest.note));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Signs now; undefined when there is nothing new. */
  async checkpoint(): Promise<Checkpoint | undefined> {
    const made = this.#busy.then(() => this.#make());
    this.#busy = made.catch(() => {});
    return await made;
  }

  /** Stops, and signs what is not signed yet. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.checkpoint();
  }

  async #make(): Promise<Checkpoint | undefined> {
    const known = this.#newest === undefined ? [] : [this.#newest];
    const at = this.#now();
    const made = await this.#store.transaction((tx) => makeCheckpoint(tx, this.#signer, { keys: this.#keys, known, at }));
    this.#madeAt = at;
    if (made === undefined) return undefined;
    await writeCheckpointFile(this.#file, formatNote(made.note));
    this.#newest = made;
    return made;
  }

  #look(): void {
    this.#busy = this.#busy.then(async () => {
      try {
        const fresh = (await ledgerSize(this.#store.db)) - (this.#newest?.size ?? 0);
        if (fresh >= this.#everyEntries || (fresh > 0 && this.#now() - this.#madeAt >= this.#everyMs)) await this.#make();
      } catch (error) {
        this.#log.error({ error: errorMessage(error) }, 'no checkpoint of the ledger could be made');
      }
    });
  }

  #open(text: string, what: string): Checkpoint {
    try {
      return openCheckpoint(text, this.#keys);
    } catch (error) {
      throw new CordonError('ledger.tampered', `${what} cannot be trusted: ${errorMessage(error)}`, { cause: error });
    }
  }
}

/** Opens the signing side of the ledger. Throws `ledger.tampered` when the database is not what was signed. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const ledger = new Ledger(options);
  await ledger.start();
  return ledger;
}
