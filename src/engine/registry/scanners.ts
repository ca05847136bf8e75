import type { Limits } from '../../core/budget.ts';
import type { Job, JobResult } from '../jobs.ts';
import { askForRules, type RuleBook } from '../inspect-paths.ts';
import { WorkerPool } from '../worker-pool.ts';

/** Why not longer: most of the day a server scans nothing. */
const IDLE_MS = 10_000;

/** The scanner's workers, kept between scans, and the rules they go by. */
export class Scanners {
  readonly limits: Limits;
  readonly #pool: WorkerPool;
  #ruleBook: Promise<RuleBook> | undefined;
  #nextId = 0;

  /** `jobs`: worker threads; default one for each processor, at most 8. */
  constructor(limits: Limits, jobs?: number) {
    this.limits = limits;
    this.#pool = new WorkerPool(jobs, { idleMs: IDLE_MS });
  }

  /** The rules of this build, asked for once. */
  ruleBook(): Promise<RuleBook> {
    this.#ruleBook ??= askForRules(this.#pool, this.limits);
    // Why: one busy moment must not make every later scan fail.
    this.#ruleBook.catch(() => (this.#ruleBook = undefined));
    return this.#ruleBook;
  }

  /** Does a job; never rejects. `bytes` is what it has to read at most. */
  run(job: Unnumbered<Job>, bytes: number): Promise<JobResult> {
    return this.#pool.run({ ...job, id: this.#nextId++ } as Job, bytes);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

type Unnumbered<Numbered> = Numbered extends unknown ? Omit<Numbered, 'id'> : never;
