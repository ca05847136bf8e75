import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { appendEntries } from '../../evidence/ledger/append.ts';
import type { Store } from '../../store/open-store.ts';

/** A file that was not handed out because a gate refuses it or it was recalled. */
export interface Denied {
  /** `namespace/name`; empty for artifacts of runs and logged models. */
  readonly repository: string;
  readonly manifest: string;
  readonly path: string;
  /** Name of who asked. */
  readonly by: string;
  readonly reason: string;
}

interface Entry {
  readonly kind: string;
  readonly body: Denied;
  readonly at: number;
}

const FLUSH_MS = 1_000;
/** Why: clients ask for the same again and again, file by file; the ledger says once an hour that somebody tried. */
const ONCE_IN_MS = 60 * 60 * 1_000;
/** Why: a crowd must not grow the memory of the server, nor one batch hold up everybody who writes. */
const KEPT_AT_MOST = 10_000;
const WAITING_AT_MOST = 1_000;
const REASON_CHARACTERS = 600;

/** Writes into the ledger who was refused what, in batches: no refusal waits for the database. */
export class Denials {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #said = new Map<string, number>();
  #waiting: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  add(denied: Denied, now: number): void {
    const key = JSON.stringify([denied.repository, denied.manifest, denied.by]);
    if ((this.#said.get(key) ?? -Infinity) > now - ONCE_IN_MS) return;
    const oldest = this.#said.keys().next();
    if (this.#said.size >= KEPT_AT_MOST && oldest.done !== true) this.#said.delete(oldest.value);
    this.#said.set(key, now);
    this.#waiting.push({ kind: 'pull.denied', body: { ...denied, reason: denied.reason.slice(0, REASON_CHARACTERS) }, at: now });
    if (this.#waiting.length >= WAITING_AT_MOST) void this.flush();
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what is waiting. Settles when it is stored; what cannot be stored is tried again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#writing = this.#writing.then(() => this.#write(batch));
    return this.#writing;
  }

  async #write(batch: readonly Entry[]): Promise<void> {
    try {
      await this.#store.transaction((tx) => appendEntries(tx, batch));
    } catch (error) {
      this.#log.error({ error: errorMessage(error), denials: batch.length }, 'refusals could not be written, will try again');
      this.#waiting = [...batch, ...this.#waiting].slice(0, KEPT_AT_MOST);
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS * 5).unref();
    }
  }
}
