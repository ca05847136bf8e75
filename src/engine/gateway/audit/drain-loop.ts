import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../../../core/errors.ts';
import { unlinkIfThere } from '../../../store/blobs/durable.ts';
import { type DrainOptions, RunDrain } from './drain-run.ts';
import { expireAudit, type ExpiryDays } from './expire.ts';
import type { JournalPosition } from './journal/journal.ts';
import { listRuns, segmentPath } from './journal/segments.ts';

/** What is told of the work. */
export interface DrainEvents {
  /** Records up to this sequence number are in the database. */
  stored(sequence: number, records: number): void;
  /** A segment was removed. */
  removed(segment: number): void;
  /** The database does not take them; undefined: it does again. */
  problem(problem: string | undefined): void;
}

/** Why: a second is what readers of usage may miss; more at once are taken at once. */
const BATCH_MS = 1_000;
const BATCH_RECORDS = 512;
const RETRY_MS = { first: 200, longest: 5_000 } as const;

/** Takes journals into the database. */
export interface Drain {
  /** The journal has come this far. */
  advance(position: JournalPosition): void;
  /** Settles when everything up to here is in the database. */
  flush(position: JournalPosition): Promise<void>;
  /** Removes what is too old. */
  expire(days: ExpiryDays): Promise<void>;
  /** Ends after the batch that is under way; what is left stays in the journal for the next start. */
  close(position: JournalPosition): Promise<void>;
}

/** Takes what earlier processes left, then follows the journal of this one. */
export class DrainLoop implements Drain {
  readonly #options: DrainOptions;
  readonly #run: string;
  readonly #events: DrainEvents;
  readonly #live: RunDrain;
  #target: JournalPosition;
  #isHurried = false;
  #isEnding = false;
  #wake: () => void = () => undefined;
  #waiting: { readonly sequence: number; readonly resolve: () => void }[] = [];
  readonly #ended: Promise<void>;

  /** `adopt`: folders of journals whose processes are gone for good. */
  constructor(options: DrainOptions & { readonly adopt: readonly string[] }, run: string, events: DrainEvents) {
    this.#options = options;
    this.#run = run;
    this.#events = events;
    this.#live = new RunDrain(options, run, { first: 1, last: 0 });
    this.#target = { run, segment: 0, bytes: 0, sequence: 0 };
    this.#ended = this.#work([options.folder, ...options.adopt]);
  }

  advance(position: JournalPosition): void {
    this.#target = position;
    if (position.sequence - this.#live.stored >= BATCH_RECORDS) this.#hurry();
  }

  async flush(position: JournalPosition): Promise<void> {
    this.#target = position;
    if (position.sequence <= this.#live.stored) return;
    this.#hurry();
    await new Promise<void>((resolve) => this.#waiting.push({ sequence: position.sequence, resolve }));
  }

  async expire(days: ExpiryDays): Promise<void> {
    await expireAudit(this.#options.store, days, this.#options.now());
  }

  async close(position: JournalPosition): Promise<void> {
    this.#isEnding = true;
    this.#wake();
    await this.#ended;
    if (this.#live.stored < position.sequence) return;
    // Everything was taken, so that the next start finds nothing.
    for (let number = 1; number <= position.segment; number++) await unlinkIfThere(segmentPath(this.#options.folder, this.#run, number));
    await this.#live.forget();
  }

  #hurry(): void {
    this.#isHurried = true;
    this.#wake();
  }

  async #work(folders: readonly string[]): Promise<void> {
    for (const folder of folders) await this.#persist(() => this.#drainFormer(folder));
    while (!this.#isEnding) {
      const isMore = await this.#persist(() => this.#drainLive());
      if (isMore !== true && !this.#isHurried) await this.#pause(BATCH_MS);
    }
  }

  /** Runs of processes that are gone. */
  async #drainFormer(folder: string): Promise<void> {
    for (const [run, segments] of await listRuns(folder)) {
      if (run === this.#run) continue;
      const drain = new RunDrain({ ...this.#options, folder }, run, { first: segments[0]!.number, last: segments.at(-1)!.number });
      let records = 0;
      for (let step = await drain.step(); step !== undefined; step = await drain.step()) records += step.records;
      await drain.forget();
      this.#options.log.info({ run, records }, 'took over the journal of a process that ended');
    }
  }

  /** One batch of this process; true when there is more. */
  async #drainLive(): Promise<boolean> {
    const target = this.#target;
    const step = await this.#live.step(target);
    if (step === undefined) {
      this.#isHurried = false;
      this.#settle();
      return false;
    }
    for (const segment of step.removed) this.#events.removed(segment);
    this.#events.stored(this.#live.stored, step.records);
    this.#settle();
    return this.#isHurried || target.sequence - this.#live.stored >= BATCH_RECORDS;
  }

  #settle(): void {
    const done = this.#waiting.filter(({ sequence }) => sequence <= this.#live.stored);
    this.#waiting = this.#waiting.filter(({ sequence }) => sequence > this.#live.stored);
    for (const { resolve } of done) resolve();
  }

  /** Tries until it works or the process ends: records wait on the disk. */
  async #persist<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (let wait: number = RETRY_MS.first; !this.#isEnding; wait = Math.min(2 * wait, RETRY_MS.longest)) {
      try {
        const result = await work();
        if (wait > RETRY_MS.first) this.#events.problem(undefined);
        return result;
      } catch (error) {
        this.#options.log.error({ error: errorMessage(error) }, 'records of the gateway cannot be stored, will try again');
        this.#events.problem(errorMessage(error));
        await this.#pause(wait);
      }
    }
    return undefined;
  }

  async #pause(ms: number): Promise<void> {
    const controller = new AbortController();
    this.#wake = () => controller.abort();
    if (this.#isEnding) return;
    await sleep(ms, undefined, { signal: controller.signal }).catch(() => undefined);
  }
}
