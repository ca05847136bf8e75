import cluster, { type Worker } from 'node:cluster';
import type { Logger } from '../../core/logger.ts';
import { CommonCounts } from './common-counts.ts';
import { frugalSettings } from './frugal-process.ts';
import { type FromWorker, type ToWorker, WORKER_FOLDER_VARIABLE, WORKER_VARIABLE } from './messages.ts';

/** What {@link runWorkers} needs. */
export interface WorkersOptions {
  readonly count: number;
  /** Folder of theirs, that nobody else may enter. */
  readonly folder: string;
  /** Variables for the workers. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: Logger;
}

/** Processes that answer on one port. */
export interface Workers {
  /** All were ready once. Rejects with the exit code of one that ended before. */
  readonly started: Promise<void>;
  /** All ended, as they were told. */
  readonly ended: Promise<void>;
  signal(name: 'SIGHUP' | 'SIGTERM'): void;
  /** Ends them without waiting for anything. */
  kill(): void;
}

/** Longer than requests under way may take. */
const DRAIN_MS = 45_000;
const BACKOFF = { first: 100, most: 10_000, forgottenAfter: 60_000 } as const;

/** A worker that ended before all were ready. */
export class WorkerFailed extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`a worker ended with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Starts worker processes one after the other, and again when one ends that was not told to. */
export function runWorkers({ count, folder, environment = {}, log }: WorkersOptions): Workers {
  const running = new Map<number, Worker>();
  const gathering = new Map<string, (answer: unknown) => void>();
  const counts = new CommonCounts();
  let stopping = false;
  let allEnded = (): void => undefined;
  const ended = new Promise<void>((settled) => (allEnded = settled));
  const began = Array.from({ length: count }, () => ({ at: 0, pause: 0 }));
  const frugal = frugalSettings(process);
  cluster.setupPrimary({ execArgv: [...frugal.execArgv] });
  const variables = { ...frugal.environment, ...environment, [WORKER_FOLDER_VARIABLE]: folder };

  /** Settles when the worker is ready, rejects when it ends before. */
  function start(number: number): Promise<void> {
    return new Promise((settled, failed) => {
      const worker = cluster.fork({ ...variables, [WORKER_VARIABLE]: `${number}/${count}` });
      running.set(number, worker);
      began[number]!.at = Date.now();
      worker.on('message', (message: FromWorker) => {
        if (message.cordon === 'ready') {
          log.info({ worker: number, process: worker.process.pid }, 'a worker answers');
          settled();
        }
        if (message.cordon === 'ask') void gather(worker, message);
        if (message.cordon === 'answer') gathering.get(`${message.question} ${worker.id}`)?.(message.body);
        if (message.cordon === 'count') tell(worker, { cordon: 'counted', question: message.question, yes: counts.take(message.ask) });
      });
      worker.once('exit', (code: number | null, signal: string | null) => {
        running.delete(number);
        for (const [question, answered] of gathering) if (question.endsWith(` ${worker.id}`)) answered(undefined);
        failed(new WorkerFailed(code ?? 1));
        if (stopping && running.size === 0) allEnded();
        if (!stopping && isStarted) replace(number, code, signal);
      });
    });
  }

  let isStarted = false;
  /** Why one after the other: each takes a journal that nobody else writes, and the first makes the tables. */
  let queue: Promise<void> = Promise.resolve();
  function replace(number: number, code: number | null, signal: string | null): void {
    const before = began[number]!;
    before.pause =
      Date.now() - before.at > BACKOFF.forgottenAfter ? BACKOFF.first : Math.min(BACKOFF.most, Math.max(BACKOFF.first, before.pause * 2));
    log.error({ worker: number, code, signal, againInMs: before.pause }, 'a worker ended and is replaced');
    queue = queue
      .then(() => new Promise((settled) => setTimeout(settled, before.pause)))
      // Why caught: its end has said already that another is needed.
      .then(() => (stopping ? undefined : start(number).catch(() => undefined)));
  }

  const started = (async () => {
    for (let number = 0; number < count && !stopping; number++) await start(number);
    isStarted = true;
  })();
  started.catch(() => {
    stopping = true;
    for (const worker of running.values()) worker.process.kill('SIGTERM');
    if (running.size === 0) allEnded();
  });

  async function gather(asking: Worker, { question, topic, body, waitMs }: Extract<FromWorker, { cordon: 'ask' }>): Promise<void> {
    const name = `${asking.id}.${question}`;
    const others = [...running.values()].filter((worker) => worker !== asking && worker.isConnected());
    const bodies = await Promise.all(
      others.map(
        (worker) =>
          new Promise<unknown>((settled) => {
            const timer = setTimeout(settled, waitMs);
            const done = (answer: unknown): void => {
              clearTimeout(timer);
              settled(answer);
            };
            gathering.set(`${name} ${worker.id}`, done);
            tell(worker, { cordon: 'asked', question: name, topic, body });
          }),
      ),
    );
    for (const worker of others) gathering.delete(`${name} ${worker.id}`);
    tell(asking, { cordon: 'answers', question, bodies });
  }

  function kill(): void {
    stopping = true;
    for (const worker of running.values()) worker.process.kill('SIGKILL');
  }

  return {
    started,
    ended,
    signal(name) {
      if (name === 'SIGTERM' && !stopping) {
        stopping = true;
        setTimeout(kill, DRAIN_MS).unref();
        if (running.size === 0) allEnded();
      }
      for (const worker of running.values()) worker.process.kill(name);
    },
    kill,
  };
}

function tell(worker: Worker, message: ToWorker): void {
  // Why the callback: one that ends at this moment is no error.
  if (worker.isConnected()) worker.send(message, () => undefined);
}
