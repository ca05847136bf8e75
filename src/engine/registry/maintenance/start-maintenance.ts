import { errorMessage } from '../../../core/errors.ts';
import { enqueue } from '../../../store/jobs/queue.ts';
import { type JobHandler, startRunner } from '../../../store/jobs/runner.ts';
import type { RegistryContext } from '../context.ts';
import { endWaivers } from '../waivers/end-waivers.ts';
import { checkContent, collect } from './maintain.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const COLLECT = 'maintenance.collect';
const SCRUB = 'maintenance.scrub';

/** Work that goes on while the server runs, and how to end it. */
export interface Maintenance {
  close(): Promise<void>;
}

/**
 * Ends waivers within a second, and collects and checks as often as configured. Why by jobs with a key for each period: of several
 * servers on one database one does it.
 */
export function startMaintenance(context: RegistryContext): Maintenance {
  const { collectEveryHours, scrubEveryHours, scrubMinutes } = context.config.registry.maintenance;
  let working: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  const plan = async (kind: string, hours: number, payload: unknown, ahead = 0): Promise<void> => {
    if (hours === 0) return;
    const period = Math.floor(context.now() / (hours * HOUR_MS)) + ahead;
    await enqueue(context.store.db, { kind, key: `${kind}:${period}`, payload, ...(ahead > 0 && { runAt: period * hours * HOUR_MS }) });
  };
  const handlers: Readonly<Record<string, JobHandler>> = {
    [COLLECT]: { attempts: 3, run: async () => void (await collect(context)) },
    [SCRUB]: {
      attempts: 3,
      async run({ payload }) {
        const after = typeof payload === 'string' ? payload : undefined;
        const { next } = await checkContent(context, scrubMinutes * MINUTE_MS, after);
        // The next round goes on where this one ended, whoever does it.
        if (scrubEveryHours > 0) await plan(SCRUB, scrubEveryHours, next ?? null, 1);
      },
    },
  };
  const runner = startRunner(context.store, handlers, {
    concurrency: 1,
    pollMs: 30 * SECOND_MS,
    leaseMs: 10 * MINUTE_MS,
    onError: (error, job) => context.log.error({ error: errorMessage(error), job: job?.kind ?? '' }, 'maintenance failed'),
  });
  const guarded = (work: () => Promise<unknown>): void => {
    if (isBusy) return;
    isBusy = true;
    working = work()
      .catch((error: unknown) => context.log.error({ error: errorMessage(error) }, 'maintenance failed'))
      .finally(() => (isBusy = false));
  };
  const waivers = setInterval(() => guarded(() => endWaivers(context)), SECOND_MS).unref();
  const periods = setInterval(() => {
    plan(COLLECT, collectEveryHours, null)
      .then(() => plan(SCRUB, scrubEveryHours, null))
      .then(() => runner.wake())
      .catch((error: unknown) => context.log.error({ error: errorMessage(error) }, 'maintenance was not planned'));
  }, MINUTE_MS).unref();
  return {
    async close() {
      clearInterval(waivers);
      clearInterval(periods);
      await working;
      await runner.drain();
    },
  };
}
