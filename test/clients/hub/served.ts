import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../../src/core/config.ts';
import { type RunningServer, startServer } from '../../../src/server/start-server.ts';

/** A whole server on a free port, for real clients. */
export interface Served {
  readonly server: RunningServer;
  /** What HF_ENDPOINT is set to. */
  readonly endpoint: string;
  readonly key: string;
  readonly folder: string;
  /** The key of somebody new, who may read and write in the namespace `elsewhere` alone. */
  stranger(): Promise<string>;
  close(): Promise<void>;
}

/** Starts a server in a temporary folder. */
export async function serve(config: object = {}): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-hub-'));
  const parsed = Config.parse({ scan: { jobs: 1 }, ...config, server: { port: 0, data: folder } });
  const server = await startServer({ config: parsed, configFolder: folder });
  const key = server.adminKey ?? '';
  async function ask(path: string, body: object): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return (await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  }
  let closing: Promise<void> | undefined;
  return {
    server,
    endpoint: `${server.url}/hf`,
    key,
    folder,
    async stranger() {
      const name = `stranger-${randomBytes(4).toString('hex')}`;
      await ask('/principals', { name, kind: 'user' });
      await ask('/roles', { holder: name, role: 'contributor', on: 'elsewhere' });
      return ((await ask('/keys', { name: 'test', principal: name })) as { secret: string }).secret;
    },
    close() {
      closing ??= server.close().then(() => rm(folder, { recursive: true, force: true }));
      return closing;
    },
  };
}

/** Random bytes that are never by chance the beginning of a format. */
export function noise(size: number): Buffer<ArrayBuffer> {
  return Buffer.concat([Buffer.alloc(16), randomBytes(size - 16)]);
}
