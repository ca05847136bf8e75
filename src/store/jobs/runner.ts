import { errorMessage } from '../../core/errors.ts';
import type { Store } from '../open-store.ts';
import { claimJob, completeJob, failJob, heartbeat, type ClaimedJob } from './queue.ts';

/** Does one kind of work. It may be called again for the same job, after a crash for instance. */
export interface JobHandler {
  /** `signal` fires when the claim is lost or the runner must stop: end without effect. */
  run(job: ClaimedJob, signal: AbortSignal): Promise<void>;
  /** How often it is tried. Default 5. */
  readonly attempts?: number;
}

/** How jobs are worked through. */
export interface RunnerOptions {
  /** Jobs at the same time. Default 2. */
  readonly concurrency?: number;
  /** How long a silent worker keeps its job, milliseconds. Default 60 s. */
  readonly leaseMs?: number;
  /** How often to look when nobody calls `wake`, milliseconds. Default 1 s. */
  readonly pollMs?: number;
  /** First wait before trying again, doubled each time up to an hour, milliseconds. Default 1 s. */
  readonly backoffMs?: number;
  /** Told of everything that fails, of the queue itself too. */
  readonly onError?: (error: unknown, job: ClaimedJob | undefined) => void;
}

/** Works while it lives. */
export interface Runner {
  /** Looks at once: somebody has just added a job. */
  wake(): void;
  /** Takes no more jobs, waits for those that run, and after `withinMs` tells them to stop. */
  drain(withinMs?: number): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** Starts working on the kinds of jobs that have a handler. */
export function startRunner(store: Store, handlers: Readonly<Record<string, JobHandler>>, options: RunnerOptions = {}): Runner {
  const { concurrency = 2, leaseMs = 60_000, pollMs = 1000, backoffMs = 1000, onError = () => undefined } = options;
  const stopped = new AbortController();
  const naps = new Set<() => void>();
  let draining = false;

  async function worker(): Promise<void> {
    while (!draining) {
      try {
        const job = await claimJob(store, { kinds: Object.keys(handlers), leaseMs });
        if (job === undefined) await nap();
        else await work(job);
      } catch (error) {
        onError(error, undefined);
        await nap();
      }
    }
  }

  async function work(job: ClaimedJob): Promise<void> {
    const handler = handlers[job.kind] as JobHandler;
    const attempts = handler.attempts ?? 5;
    // Why before running: a job that kills its worker every time never gets to report it.
    if (job.attempts > attempts) return void (await failJob(store.db, job, 'its worker died every time', undefined));
    const lost = new AbortController();
    const beat = setInterval(() => {
      heartbeat(store, job, leaseMs).then(
        (held) => held || lost.abort(),
        (error: unknown) => onError(error, job),
      );
    }, leaseMs / 3);
    try {
      await handler.run(job, AbortSignal.any([lost.signal, stopped.signal]));
      await completeJob(store.db, job);
    } catch (error) {
      onError(error, job);
      const wait = Math.min(backoffMs * 2 ** (job.attempts - 1), HOUR_MS) * (0.5 + Math.random() / 2);
      await failJob(store.db, job, errorMessage(error), job.attempts < attempts ? Date.now() + Math.round(wait) : undefined);
    } finally {
      clearInterval(beat);
    }
  }

  function nap(): Promise<void> {
    if (draining) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        naps.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, pollMs * (0.75 + Math.random() / 2));
      naps.add(wake);
    });
  }

  const workers = Array.from({ length: concurrency }, worker);
  const wake = (): void => [...naps].forEach((end) => end());
  return {
    wake,
    async drain(withinMs = 30_000) {
      draining = true;
      wake();
      const timer = setTimeout(() => stopped.abort(), withinMs);
      await Promise.all(workers);
      clearTimeout(timer);
    },
  };
}
