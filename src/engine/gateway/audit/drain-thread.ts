import { Worker } from 'node:worker_threads';
import type { Logger } from '../../../core/logger.ts';
import { CordonError } from '../../../core/errors.ts';
import type { SecretsConfig } from '../../../core/secrets-config.ts';
import type { Drain, DrainEvents } from './drain-loop.ts';
import type { ExpiryDays } from './expire.ts';
import type { JournalPosition } from './journal/journal.ts';

/** A secret, and the places that it is looked for in. */
export interface DrainPassword {
  readonly reference: string;
  readonly config: SecretsConfig;
  /** Folder that relative files start from. */
  readonly folder: string;
}

/** What the thread works on. */
export interface DrainPlace {
  readonly database: string;
  /** Where the password of the database is kept, for the thread to read by itself. */
  readonly password?: DrainPassword | undefined;
  readonly folder: string;
  readonly adopt: readonly string[];
  readonly run: string;
}

/** What the thread is told. */
export type DrainOrder =
  | { readonly kind: 'advance'; readonly position: JournalPosition }
  | { readonly kind: 'flush'; readonly position: JournalPosition }
  | { readonly kind: 'close'; readonly position: JournalPosition }
  | { readonly kind: 'expire'; readonly days: ExpiryDays };

/** What the thread tells. */
export type DrainAnswer =
  | { readonly kind: 'stored'; readonly sequence: number; readonly records: number }
  | { readonly kind: 'removed'; readonly segment: number }
  | { readonly kind: 'problem'; readonly problem: string | undefined }
  | {
      readonly kind: 'log';
      readonly level: keyof Logger;
      readonly fields: Readonly<Record<string, unknown>>;
      readonly message: string;
    }
  | { readonly kind: 'expired'; readonly problem: string | undefined }
  | { readonly kind: 'closed' };

/** Why: telling the thread costs more than writing the record; it looks once a second anyway. */
const TELL_MS = 100;
const RESTART_MS = 1_000;
/** Why: a batch needs some 20 MB; a thread that needs far more is ended and started again, and nothing is lost. */
const HEAP_MB = 256;
/** Why: a thread left alone takes 48 MB for what lives shortly, and collects it no faster. */
const YOUNG_MB = 6;

/** A {@link Drain} in a thread of its own, started again when it fails. */
export class DrainThread implements Drain {
  readonly #place: DrainPlace;
  readonly #entry: URL;
  readonly #log: Logger;
  readonly #events: DrainEvents;
  #worker: Worker | undefined;
  #position: JournalPosition;
  #stored = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed: (() => void) | undefined;
  readonly #expiring: ((problem: string | undefined) => void)[] = [];
  #waiting: { readonly sequence: number; readonly resolve: () => void }[] = [];

  constructor(place: DrainPlace, log: Logger, events: DrainEvents, entry: URL) {
    this.#place = place;
    this.#entry = entry;
    this.#log = log;
    this.#events = events;
    this.#position = { run: place.run, segment: 0, bytes: 0, sequence: 0 };
    this.#start();
  }

  advance(position: JournalPosition): void {
    this.#position = position;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell('advance');
    }, TELL_MS).unref();
  }

  async flush(position: JournalPosition): Promise<void> {
    this.#position = position;
    if (position.sequence <= this.#stored) return;
    const done = new Promise<void>((resolve) => this.#waiting.push({ sequence: position.sequence, resolve }));
    this.#tell('flush');
    await done;
  }

  async expire(days: ExpiryDays): Promise<void> {
    // Why only while it runs: the next time will do.
    if (this.#worker === undefined) return;
    const done = new Promise<string | undefined>((resolve) => this.#expiring.push(resolve));
    this.#worker.postMessage({ kind: 'expire', days } satisfies DrainOrder);
    const problem = await done;
    if (problem !== undefined) throw new CordonError('storage.unavailable', problem);
  }

  async close(position: JournalPosition): Promise<void> {
    clearTimeout(this.#timer);
    this.#position = position;
    const closed = new Promise<void>((resolve) => (this.#closed = resolve));
    if (this.#worker === undefined) return;
    this.#tell('close');
    await closed;
  }

  #tell(kind: 'advance' | 'flush' | 'close'): void {
    this.#worker?.postMessage({ kind, position: this.#position } satisfies DrainOrder);
  }

  #start(): void {
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB };
    const worker = new Worker(this.#entry, { workerData: this.#place, resourceLimits });
    this.#worker = worker;
    worker.on('message', (answer: DrainAnswer) => this.#hear(answer));
    worker.on('error', (error: Error) => {
      this.#log.error({ error: error.message }, 'the thread that stores records of the gateway failed, it is started again');
      this.#events.problem(error.message);
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#expired('the thread ended');
      if (this.#closed !== undefined) return this.#closed();
      setTimeout(() => this.#closed === undefined && this.#start(), RESTART_MS).unref();
    });
    this.#tell(this.#waiting.length > 0 ? 'flush' : 'advance');
    worker.unref();
  }

  #expired(problem: string | undefined): void {
    for (const resolve of this.#expiring.splice(0)) resolve(problem);
  }

  #hear(answer: DrainAnswer): void {
    if (answer.kind === 'log') return this.#log[answer.level](answer.fields, answer.message);
    if (answer.kind === 'problem') return this.#events.problem(answer.problem);
    if (answer.kind === 'removed') return this.#events.removed(answer.segment);
    if (answer.kind === 'closed') return this.#closed?.();
    if (answer.kind === 'expired') return this.#expired(answer.problem);
    this.#stored = answer.sequence;
    this.#events.problem(undefined);
    this.#events.stored(answer.sequence, answer.records);
    const done = this.#waiting.filter(({ sequence }) => sequence <= answer.sequence);
    this.#waiting = this.#waiting.filter(({ sequence }) => sequence > answer.sequence);
    for (const { resolve } of done) resolve();
  }
}

/** The bundled thread, beside the bundle that runs; undefined where the sources run, which cannot start one. */
export function drainEntry(): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL('./audit-worker.js', import.meta.url);
}
