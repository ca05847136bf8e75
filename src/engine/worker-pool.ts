import { availableParallelism } from 'node:os';
import { type MessagePort, Worker } from 'node:worker_threads';
import { DEFAULT_HEAP_MB } from '../core/heap-limit.ts';
import type { Job, JobResult, PostedJob } from './jobs.ts';

/** Workers unless told otherwise: more only wait for the same disk. */
const WORKERS_AT_MOST = 8;
/** Jobs a worker holds at once: the next is there when one is done, and little is lost when a worker has to be ended. */
const DEPTH = 4;
/** Bytes a second that hashing may be expected to reach on a slow disk; the time limit is for parsing. */
const HASH_BYTES_A_MS = 20_000;

/** A job and how long it may take. */
interface Task {
  readonly job: Job;
  readonly settle: (result: JobResult) => void;
  readonly bytes: number;
}

/**
 * Runs jobs in worker threads, each with a heap limit and each job with a time limit. A worker that exceeds one is ended,
 * its first job is reported as failed, the others go to its successor.
 */
export class WorkerPool {
  readonly #size: number;
  readonly #entry: URL;
  readonly #idleMs: number | undefined;
  readonly #queue: Task[] = [];
  readonly #seats: Seat[] = [];

  /**
   * `size`: workers at most; they are started as there is work for them. `idleMs`: one that had no work for so long is ended, because
   * its memory is some 20 MB.
   */
  constructor(size: number | undefined, options: { readonly entry?: URL; readonly idleMs?: number } = {}) {
    this.#size = size ?? Math.min(availableParallelism(), WORKERS_AT_MOST);
    this.#entry = options.entry ?? workerEntry();
    this.#idleMs = options.idleMs;
  }

  /** Starts a worker before there is a job, so that it loads while the caller does. */
  warm(heapMb: number = DEFAULT_HEAP_MB): void {
    if (this.#seats.length === 0) this.#addSeat().warm(heapMb);
  }

  /** Does a job; never rejects. `bytes` is what it has to read at most. */
  run(job: Job, bytes: number): Promise<JobResult> {
    return new Promise((settle) => {
      this.#queue.push({ job, settle, bytes });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const free = this.#seats.filter((seat) => seat.load < DEPTH).toSorted((a, b) => a.load - b.load)[0];
      const idle = free !== undefined && free.load === 0;
      if (!idle && this.#seats.length < this.#size) {
        this.#addSeat();
        continue;
      }
      if (free === undefined) return;
      free.take(this.#queue.shift() as Task);
    }
  }

  #addSeat(): Seat {
    const seat = new Seat(
      this.#entry,
      (tasks) => this.#requeue(tasks),
      () => this.#dispatch(),
      this.#idleMs,
    );
    this.#seats.push(seat);
    return seat;
  }

  #requeue(tasks: readonly Task[]): void {
    this.#queue.unshift(...tasks);
    this.#dispatch();
  }
}

/** A job as plain data, with a channel of its own for remote content. */
function posted(job: Job): { readonly message: PostedJob; readonly transfer: readonly MessagePort[] } {
  if (job.kind !== 'file') return { message: job, transfer: [] };
  const { content } = job;
  if (content.kind !== 'remote') return { message: { ...job, content }, transfer: [] };
  const channel = content.connect();
  const connected = { kind: content.kind, size: content.size, head: content.head, channel };
  return { message: { ...job, content: connected }, transfer: [channel.port] };
}

/** One place for a worker, which may be replaced. */
class Seat {
  readonly #entry: URL;
  readonly #requeue: (tasks: readonly Task[]) => void;
  readonly #freed: () => void;
  readonly #idleMs: number | undefined;
  #worker: Worker | undefined;
  #heapMb = 0;
  #tasks: Task[] = [];
  /** Of the first job, or of the time without one. */
  #timer: NodeJS.Timeout | undefined;

  constructor(entry: URL, requeue: (tasks: readonly Task[]) => void, freed: () => void, idleMs: number | undefined) {
    this.#entry = entry;
    this.#requeue = requeue;
    this.#freed = freed;
    this.#idleMs = idleMs;
  }

  get load(): number {
    return this.#tasks.length;
  }

  warm(heapMb: number): void {
    this.#started(heapMb);
  }

  take(task: Task): void {
    if (this.#tasks.length === 0) clearTimeout(this.#timer);
    this.#tasks.push(task);
    const { message, transfer } = posted(task.job);
    this.#started(task.job.limits.heapMb).postMessage(message, transfer);
    if (this.#tasks.length === 1) this.#watch();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
  }

  #started(heapMb: number): Worker {
    if (this.#worker !== undefined && this.#heapMb === heapMb) return this.#worker;
    // A worker that was warmed up with another heap limit has no job yet.
    void this.#worker?.terminate();
    this.#heapMb = heapMb;
    const worker = new Worker(this.#entry, { resourceLimits: { maxOldGenerationSizeMb: heapMb }, stdout: false, stderr: false });
    worker.on('message', (result: JobResult) => this.#answered(result));
    let failure: Error & { code?: string } = new Error('the worker ended');
    worker.on('error', (error) => (failure = error));
    // Why only on exit: until then answers of earlier jobs may still arrive, and the first job without one is to blame.
    worker.on('exit', () => {
      const isMemory = failure.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#replace(worker, isMemory ? 'memory' : 'crash', isMemory ? `needed more than ${heapMb} MB of heap` : failure.message);
    });
    this.#worker = worker;
    return worker;
  }

  #answered(result: JobResult): void {
    const task = this.#tasks.shift();
    clearTimeout(this.#timer);
    if (this.#tasks.length > 0) this.#watch();
    task?.settle(result);
    this.#freed();
    if (this.#tasks.length === 0 && this.#idleMs !== undefined) this.#timer = setTimeout(() => this.#rest(), this.#idleMs).unref();
  }

  /** Ends the worker; the next job starts another. */
  #rest(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  /** Starts the clock of the job that is now first. */
  #watch(): void {
    const [task] = this.#tasks;
    if (task === undefined) return;
    const { timeMs } = task.job.limits;
    this.#timer = setTimeout(
      () => this.#replace(this.#worker, 'timeout', `took longer than ${timeMs} ms`),
      timeMs + task.bytes / HASH_BYTES_A_MS,
    );
  }

  #replace(worker: Worker | undefined, cause: 'timeout' | 'memory' | 'crash', message: string): void {
    if (worker === undefined || worker !== this.#worker) return;
    clearTimeout(this.#timer);
    this.#worker = undefined;
    void worker.terminate();
    const [failed, ...rest] = this.#tasks;
    this.#tasks = [];
    failed?.settle({ kind: 'failed', id: failed.job.id, cause, message });
    this.#requeue(rest);
  }
}

/** The bundled worker: beside the bundle that runs, or in `dist` when the sources run. */
function workerEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', import.meta.url);
}
