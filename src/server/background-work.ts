import { errorMessage } from '../core/errors.ts';
import type { RegistryContext } from '../engine/registry/context.ts';
import { admitPending } from '../engine/registry/admit.ts';
import { startConverter } from '../engine/registry/conversion/start-converter.ts';
import { startMaintenance } from '../engine/registry/maintenance/start-maintenance.ts';
import { startRescan } from '../engine/registry/rescan/start-rescan.ts';
import { retroIfChanged } from '../engine/registry/retro.ts';

/** Begins what goes on by time and without requests: one process of a server does it. Returns what ends it. */
export function startBackgroundWork(context: RegistryContext): () => Promise<void> {
  const closing = new AbortController();
  const pending = admitPending(context).catch((error: unknown) =>
    context.log.error({ error: errorMessage(error) }, 'pending revisions were not decided'),
  );
  // Why after: what facts alone tell is told at once.
  const rescan = pending.then(() => retroIfChanged(context, closing.signal)).then(() => startRescan(context));
  const maintenance = startMaintenance(context);
  const converter = startConverter(context);
  return async () => {
    closing.abort();
    await (await rescan).close();
    await converter.close();
    await maintenance.close();
  };
}
