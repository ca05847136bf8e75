import cluster from 'node:cluster';
import { dirname, resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { Config } from '../../core/config.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { DEMO_MODEL, DEMO_VARIABLE, type DemoModel, startDemoModel, withDemoModel } from '../../server/demo/demo-model.ts';
import { collectFrugally } from '../../server/heap-flags.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { type WorkerLink, workerLink } from '../../server/workers/worker-link.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { findConfig } from './find-config.ts';
import { readNamedFile } from './read-file.ts';
import { reloadOnChange } from './reload.ts';

/** Options of `cordon serve` as commander gives them. */
export interface ServeFlags {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly database?: string;
  readonly blobs?: string;
  readonly policy?: string;
  readonly demo?: boolean;
  /** Processes that answer on one port. */
  readonly workers?: number;
}

/** `cordon serve`: runs until it is told to stop, then lets requests under way finish. */
export async function serveCommand(flags: ServeFlags, io: Io): Promise<number> {
  const link = workerLink();
  if (link === undefined && flags.workers !== undefined && flags.workers > 1) {
    // Why before they start: a configuration that cannot be used is told once.
    await configuration(flags, io, undefined);
    const { serveWorkers } = await import('./serve-workers.ts');
    return await serveWorkers(flags.workers, flags.demo === true, io);
  }
  try {
    return await serve(flags, link, io);
  } finally {
    // Why: the channel to the process that started it would keep a worker alive.
    cluster.worker?.disconnect();
  }
}

async function serve(flags: ServeFlags, link: WorkerLink | undefined, io: Io): Promise<number> {
  collectFrugally();
  const own = flags.demo === true && link === undefined ? await startDemoModel() : undefined;
  const demo = own ?? demoOfWorkers(flags);
  const { config, folder, file } = await configuration(flags, io, demo);
  const { serverLog } = await import('../../server/log.ts');
  const server = await startServer({ config, configFolder: folder, log: serverLog(), link });
  if (link === undefined || link.place.number === 0) await announce(server, demo !== undefined, io);
  // Why each worker: one may take over what another cannot.
  const place = link === undefined ? '' : `Worker ${link.place.number}: `;
  const tell = (line: string): void => void io.stderr.write(`${place}${line}\n`);
  const ended = reloadOnChange(server, file, async () => (await configuration(flags, io, demo)).config, tell);
  await told(link !== undefined);
  ended();
  if (link === undefined) io.stderr.write('Stopping: requests under way may finish.\n');
  await server.close();
  await own?.close();
  return EXIT.allowed;
}

async function announce(server: RunningServer, isDemo: boolean, io: Io): Promise<void> {
  io.stderr.write(`Cordon listens on ${server.url}\n`);
  if (server.adminKey !== undefined) {
    io.stderr.write(`\nKey of the administrator, shown this once:\n\n  ${server.adminKey}\n\n`);
    io.stderr.write(`Use it as HF_TOKEN with HF_ENDPOINT=${server.url}/hf,\n`);
    io.stderr.write(`or as MLFLOW_TRACKING_TOKEN with MLFLOW_TRACKING_URI=${server.url}/mlflow,\n`);
    io.stderr.write(`or as OPENAI_API_KEY with OPENAI_BASE_URL=${server.url}/v1\n`);
    await server.adminKeyShown();
  }
  if (isDemo) io.stderr.write(tryIt(server.url));
}

/** The demonstration model that the process started which started this one. */
function demoOfWorkers({ demo }: ServeFlags): Pick<DemoModel, 'url'> | undefined {
  const url = process.env[DEMO_VARIABLE];
  return demo === true && url !== undefined ? { url } : undefined;
}

function tryIt(url: string): string {
  const body = `{"model":"${DEMO_MODEL}","messages":[{"role":"user","content":"I am ann@example.com"}]}`;
  return `\nThe model "${DEMO_MODEL}" repeats what reaches it. Try:\n\n  curl ${url}/v1/chat/completions -H "Authorization: Bearer $KEY" -d '${body}'\n\n`;
}

interface Found {
  readonly config: Config;
  readonly folder: string;
  readonly file: string | undefined;
}

async function configuration(flags: ServeFlags, io: Io, demo: Pick<DemoModel, 'url'> | undefined): Promise<Found> {
  const file = flags.policy === undefined ? findConfig([], io.cwd, false).file : resolve(io.cwd, flags.policy);
  const config = file === undefined ? Config.parse({}) : loadConfig(await readNamedFile(file, io), file);
  const { port, host, data, database, blobs } = flags;
  const server = {
    ...config.server,
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(data !== undefined && { data: resolve(io.cwd, data) }),
    ...(database !== undefined && { database }),
    ...(blobs !== undefined && { blobs }),
  };
  const whole = Config.safeParse({ ...config, server });
  if (!whole.success) throw new CordonError('usage.invalid', whole.error.issues[0]?.message ?? 'the options are not valid');
  const own = demo === undefined ? whole.data : withDemoModel(whole.data, demo);
  return { config: own, folder: file === undefined ? io.cwd : dirname(file), file };
}

/** Settles at the first signal to stop; a second one ends the process at once. */
function told(isWorker: boolean): Promise<void> {
  return new Promise((settled) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130));
      settled();
    };
    // Why: the terminal tells every process; of workers the one that started them decides.
    if (isWorker) process.on('SIGINT', () => undefined).once('SIGTERM', settled);
    else process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}
