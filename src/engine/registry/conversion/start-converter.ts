import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../../core/errors.ts';
import { type JobHandler, startRunner } from '../../../store/jobs/runner.ts';
import type { RegistryContext } from '../context.ts';
import { CONVERT } from './conversions.ts';
import { convertRevision, refuse } from './convert-revision.ts';

const ATTEMPTS = 3;
const DAY_MS = 86_400_000;

/** Converts what waits for it, one revision after the other, and how to end it. Why one: a conversion reads and writes whole models. */
export function startConverter(context: RegistryContext): { close(): Promise<void> } {
  if (context.config.registry.convert.of === 'off') return { close: async () => undefined };
  const prepared = prepare(context);
  const handler: JobHandler = {
    attempts: ATTEMPTS,
    async run({ payload, attempts }, signal) {
      await prepared;
      const wanted = payload as { readonly repository: string; readonly manifest: string };
      const repository = await context.store.db.selectFrom('repository').selectAll().where('id', '=', wanted.repository).executeTakeFirst();
      if (repository === undefined) return;
      try {
        await convertRevision(context, repository, wanted.manifest, signal);
      } catch (error) {
        if (attempts < ATTEMPTS || signal.aborted) throw error;
        // Why written down: readers wait as long as there is hope.
        await refuse(context, repository, wanted.manifest, `the conversion failed: ${errorMessage(error)}`);
      }
    },
  };
  const runner = startRunner(
    context.store,
    { [CONVERT]: handler },
    {
      concurrency: 1,
      leaseMs: 60_000,
      onError: (error) => context.log.error({ error: errorMessage(error) }, 'a conversion failed, it is tried again'),
    },
  );
  return { close: () => runner.drain() };
}

/** Why a day: another server of the same folder may be at work. */
async function prepare({ scratch, log }: RegistryContext): Promise<void> {
  try {
    await mkdir(scratch, { recursive: true, mode: 0o700 });
    for (const name of await readdir(scratch)) {
      const folder = join(scratch, name);
      if (name.startsWith('convert-') && (await stat(folder)).mtimeMs < Date.now() - DAY_MS) await rm(folder, { recursive: true });
    }
  } catch (error) {
    log.warn({ error: errorMessage(error) }, 'leftovers of conversions were not removed');
  }
}
