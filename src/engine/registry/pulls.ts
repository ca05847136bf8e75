import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { newId } from '../../store/ids.ts';
import type { Store } from '../../store/open-store.ts';

/** A file that was handed out. */
export interface Pulled {
  readonly repositoryId: string;
  readonly revision: string;
  readonly manifest: string;
  readonly principal: string;
  /** Protocol and client, as it calls itself. */
  readonly client: string;
}

interface Counted extends Pulled {
  firstAt: number;
  lastAt: number;
  files: number;
}

const FLUSH_MS = 1_000;
/** Why: a crowd must not grow the memory of the server between two writes. */
const WAITING_AT_MOST = 10_000;

/** Remembers who fetched what, in batches: no download waits for the database. */
export class Pulls {
  readonly #store: Store;
  readonly #log: Logger;
  #waiting = new Map<string, Counted>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  add(pulled: Pulled, now: number): void {
    const client = pulled.client.slice(0, 200);
    const key = `${pulled.repositoryId} ${pulled.revision} ${pulled.principal} ${client}`;
    const counted = this.#waiting.get(key);
    if (counted === undefined) this.#waiting.set(key, { ...pulled, client, firstAt: now, lastAt: now, files: 1 });
    else {
      counted.files++;
      counted.lastAt = now;
    }
    if (this.#waiting.size >= WAITING_AT_MOST) void this.flush();
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what is waiting. Settles when it is stored; what cannot be stored is tried again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = new Map();
    if (batch.size > 0) this.#writing = this.#writing.then(() => this.#write(batch));
    return this.#writing;
  }

  async #write(batch: Map<string, Counted>): Promise<void> {
    try {
      await this.#store.transaction(async (tx) => {
        for (const { repositoryId, revision, manifest, principal, client, firstAt, lastAt, files } of batch.values()) {
          const { numUpdatedRows } = await tx
            .updateTable('pull')
            .set((set) => ({ last_at: lastAt, files: set('files', '+', files) }))
            .where('repository_id', '=', repositoryId)
            .where('revision', '=', revision)
            .where('principal', '=', principal)
            .where('client', '=', client)
            .executeTakeFirst();
          if (numUpdatedRows > 0n) continue;
          await tx
            .insertInto('pull')
            .values({
              id: newId(),
              repository_id: repositoryId,
              revision,
              manifest,
              principal,
              client,
              first_at: firstAt,
              last_at: lastAt,
              files,
            })
            .execute();
        }
      });
    } catch (error) {
      this.#log.error({ error: errorMessage(error), pulls: batch.size }, 'pulls could not be written, will try again');
      for (const [key, counted] of batch) if (!this.#waiting.has(key)) this.#waiting.set(key, counted);
      this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS * 5).unref();
    }
  }
}
