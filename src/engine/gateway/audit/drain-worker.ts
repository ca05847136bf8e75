/** The thread that takes journals into the database, so that its transactions never hold up requests. */
import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage } from '../../../core/errors.ts';
import type { Logger } from '../../../core/logger.ts';
import { openStore } from '../../../store/open-store.ts';
import { DrainLoop } from './drain-loop.ts';
import type { JournalPosition } from './journal/journal.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { DrainAnswer, DrainOrder, DrainPassword, DrainPlace } from './drain-thread.ts';

const place = workerData as DrainPlace;
const tell = (answer: DrainAnswer): void => parentPort?.postMessage(answer);
const said =
  (level: keyof Logger) =>
  (fields: Readonly<Record<string, unknown>>, message: string): void =>
    tell({ kind: 'log', level, fields, message });

const secrets = place.password === undefined ? undefined : await opened(place.password);
const store = await openStore({ database: place.database, password: secrets && (() => secrets.get(place.password!.reference)) });
const drain = new DrainLoop(
  {
    store,
    folder: place.folder,
    adopt: place.adopt,
    log: { info: said('info'), warn: said('warn'), error: said('error') },
    now: Date.now,
  },
  place.run,
  {
    stored: (sequence, records) => tell({ kind: 'stored', sequence, records }),
    removed: (segment) => tell({ kind: 'removed', segment }),
    problem: (problem) => tell({ kind: 'problem', problem }),
  },
);

parentPort?.on('message', (order: DrainOrder) => {
  if (order.kind === 'advance') drain.advance(order.position);
  else if (order.kind === 'flush') void drain.flush(order.position);
  else if (order.kind === 'close') void end(order.position);
  else
    drain.expire(order.days).then(
      () => tell({ kind: 'expired', problem: undefined }),
      (error: unknown) => tell({ kind: 'expired', problem: errorMessage(error) }),
    );
});

/** Why only then: few need it, and it would be loaded into every thread. */
async function opened({ config, folder }: DrainPassword): Promise<Secrets> {
  const { openSecrets } = await import('../../../vault/secrets/open-secrets.ts');
  return openSecrets({ config, folder });
}

async function end(position: JournalPosition): Promise<void> {
  await drain.close(position);
  await store.close();
  await secrets?.close();
  tell({ kind: 'closed' });
  parentPort?.close();
}
