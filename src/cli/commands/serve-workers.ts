import { rm } from 'node:fs/promises';
import { DEMO_VARIABLE, startDemoModel } from '../../server/demo/demo-model.ts';
import { serverLog } from '../../server/log.ts';
import { runWorkers, WorkerFailed } from '../../server/workers/run-workers.ts';
import { workersFolder } from '../../server/workers/workers-folder.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';

/** `cordon serve --workers N`: starts the processes, passes signals on, and ends when they have. */
export async function serveWorkers(count: number, isDemo: boolean, io: Io): Promise<number> {
  const demo = isDemo ? await startDemoModel() : undefined;
  const folder = await workersFolder();
  const workers = runWorkers({ count, folder, environment: demo === undefined ? {} : { [DEMO_VARIABLE]: demo.url }, log: serverLog() });
  let isTold = false;
  const stop = (): void => {
    if (isTold) return workers.kill();
    isTold = true;
    io.stderr.write('Stopping: requests under way may finish.\n');
    workers.signal('SIGTERM');
  };
  const reload = (): void => workers.signal('SIGHUP');
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', reload);
  try {
    await workers.started;
    io.stderr.write(`${count} workers answer\n`);
    await workers.ended;
    return EXIT.allowed;
  } catch (error) {
    if (!(error instanceof WorkerFailed)) throw error;
    await workers.ended;
    // Why its own: it has said why.
    return isTold ? EXIT.allowed : error.exitCode;
  } finally {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop).removeListener('SIGHUP', reload);
    await demo?.close();
    await rm(folder, { recursive: true, force: true });
  }
}
