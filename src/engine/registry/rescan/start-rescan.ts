import { errorMessage } from '../../../core/errors.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { enqueue } from '../../../store/jobs/queue.ts';
import { startRunner } from '../../../store/jobs/runner.ts';
import type { RegistryContext } from '../context.ts';
import { countOutdated } from './outdated.ts';
import { rescanStored } from './rescan-stored.ts';

/** Kind of the jobs that read stored files again. */
export const RESCAN = 'registry.rescan';
const DAY_MS = 24 * 60 * 60 * 1_000;
const HOUR_MS = 60 * 60 * 1_000;

/** Reads stored files again in the background when the scanners have changed, and how to end it. */
export interface Rescanning {
  close(): Promise<void>;
}

/**
 * Has what older scanners saw read again by those of today. Why a job with a key for each set of scanners and day: of several servers
 * one does it, a crash ends nothing, and what could not be read is tried again tomorrow.
 */
export function startRescan(context: RegistryContext): Rescanning {
  const plan = async (): Promise<void> => {
    const { digest } = await context.scanners.ruleBook();
    const outdated = await countOutdated(context, digest);
    if (outdated.manifests === 0) return;
    const day = Math.floor(context.now() / DAY_MS);
    await enqueue(context.store.db, { kind: RESCAN, key: `${RESCAN}:${digest}:${day}`, payload: { rules: digest } });
    context.log.warn({ ...outdated }, 'decided by what older scanners saw; it is read again in the background');
    runner.wake();
  };
  const planned = (): void => {
    plan().catch((error: unknown) => context.log.error({ error: errorMessage(error) }, 'scanning again was not planned'));
  };
  const handlers = {
    [RESCAN]: {
      attempts: 20,
      async run(job: { readonly payload: unknown }, signal: AbortSignal) {
        const { digest } = await context.scanners.ruleBook();
        // Why not by this server: it is of another version than the one that planned it, whose scanners it has not.
        if ((job.payload as { readonly rules: string }).rules !== digest) throw new Error('planned by a server with other scanners');
        const done = await rescanStored(context, AbortSignal.any([signal, stopped.signal]));
        if (stopped.signal.aborted) throw new Error('the server stops; the next one goes on');
        const { manifests: left } = await countOutdated(context, digest);
        await context.store.transaction((tx) => appendEntry(tx, { kind: 'rescan.finished', body: { ...done, left, rules: digest } }));
        context.log.info({ ...done, left }, 'stored files were scanned again');
      },
    },
  };
  const stopped = new AbortController();
  const runner = startRunner(context.store, handlers, {
    concurrency: 1,
    pollMs: 30_000,
    backoffMs: 60_000,
    onError: (error) => context.log.warn({ error: errorMessage(error) }, 'scanning again was broken off'),
  });
  planned();
  const timer = setInterval(planned, HOUR_MS).unref();
  return {
    async close() {
      clearInterval(timer);
      stopped.abort();
      await runner.drain();
    },
  };
}
