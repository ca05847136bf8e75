import { dirname, resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { Config } from '../../core/config.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { DEMO_MODEL, type DemoModel, startDemoModel, withDemoModel } from '../../server/demo/demo-model.ts';
import { startServer } from '../../server/start-server.ts';
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
}

/** `cordon serve`: runs until it is told to stop, then lets requests under way finish. */
export async function serveCommand(flags: ServeFlags, io: Io): Promise<number> {
  const demo = flags.demo === true ? await startDemoModel() : undefined;
  const { config, folder, file } = await configuration(flags, io, demo);
  const { serverLog } = await import('../../server/log.ts');
  const server = await startServer({ config, configFolder: folder, log: serverLog() });
  io.stderr.write(`Cordon listens on ${server.url}\n`);
  if (server.adminKey !== undefined) {
    io.stderr.write(`\nKey of the administrator, shown this once:\n\n  ${server.adminKey}\n\n`);
    io.stderr.write(`Use it as HF_TOKEN with HF_ENDPOINT=${server.url}/hf,\n`);
    io.stderr.write(`or as MLFLOW_TRACKING_TOKEN with MLFLOW_TRACKING_URI=${server.url}/mlflow,\n`);
    io.stderr.write(`or as OPENAI_API_KEY with OPENAI_BASE_URL=${server.url}/v1\n`);
    await server.adminKeyShown();
  }
  if (demo !== undefined) io.stderr.write(tryIt(server.url));
  const ended = reloadOnChange(server, file, async () => (await configuration(flags, io, demo)).config, io);
  await told();
  ended();
  io.stderr.write('Stopping: requests under way may finish.\n');
  await server.close();
  await demo?.close();
  return EXIT.allowed;
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

async function configuration(flags: ServeFlags, io: Io, demo: DemoModel | undefined): Promise<Found> {
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
function told(): Promise<void> {
  return new Promise((settled) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130));
      settled();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
