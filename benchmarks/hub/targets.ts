import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Agent, request } from 'undici';
import { blocks, type MadeFile } from './content.ts';

/** CPU seconds so far and resident MiB of a process. */
export interface Usage {
  readonly cpu: number;
  readonly rss: number;
}

/** A server under test. */
export interface Target {
  readonly name: string;
  usage(): Promise<Usage>;
  put(file: MadeFile): Promise<void>;
  /** Makes an uploaded file readable under a name, and waits until it is. */
  publish(file: MadeFile): Promise<void>;
  head(): Promise<void>;
  get(range?: string): Promise<void>;
  /** What clients ask before they download; undefined: the target has no such thing. */
  readonly info: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** The registry: `cordon serve` of the given build, with an empty data folder. */
export async function registryTarget(cli: string, parent: string, agent: Agent, nodeOptions: readonly string[]): Promise<Target> {
  const folder = await mkdtemp(join(parent, 'cordon-bench-hub-'));
  const child = spawn(process.execPath, [...nodeOptions, cli, 'serve', '--port', '0', '--data', folder], {
    env: { ...process.env, CORDON_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [url = '', key = ''] = await said(child, [/listens on (http:\S+)/, /(cordon_[A-Za-z0-9_]+)/]);
  const headers = { authorization: `Bearer ${key}` };
  const file = `${url}/hf/bench/model/resolve/main/model.dat`;

  async function post(path: string, body: object | string): Promise<unknown> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await request(url + path, { method: 'POST', headers, body: text, dispatcher: agent });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return answer.body.json();
  }

  await post('/hf/api/repos/create', { name: 'bench/model' });
  return {
    name: 'cordon',
    usage: () => usageOf(child),
    async put(made) {
      const { sha256, size } = made;
      const batch = (await post('/hf/bench/model.git/info/lfs/objects/batch', {
        operation: 'upload',
        objects: [{ oid: sha256, size }],
      })) as { objects: [{ actions?: { upload: { href: string } } }] };
      const href = batch.objects[0].actions?.upload.href;
      if (href !== undefined) await send(href, made, agent);
    },
    async publish({ sha256, size }) {
      const lines = [
        { key: 'header', value: { summary: 'bench' } },
        { key: 'lfsFile', value: { path: 'model.dat', algo: 'sha256', oid: sha256, size } },
      ];
      await post('/hf/api/models/bench/model/commit/main', lines.map((line) => JSON.stringify(line)).join('\n'));
      await fetchAll(file, 'HEAD', agent, headers);
    },
    head: () => fetchAll(file, 'HEAD', agent, headers),
    get: (range) => fetchAll(file, 'GET', agent, { ...headers, ...(range !== undefined && { range }) }),
    info: () => fetchAll(`${url}/hf/api/models/bench/model`, 'GET', agent, headers),
    close: () => ended(child, folder),
  };
}

/** A plain file server in Node. */
export async function plainTarget(parent: string, agent: Agent): Promise<Target> {
  const folder = await mkdtemp(join(parent, 'cordon-bench-plain-'));
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'plain-server.ts'), folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [url = ''] = await said(child, [/listens on (http:\S+)/]);
  let published = '';
  return {
    name: 'plain node:http',
    usage: () => usageOf(child),
    put: (made) => send(`${url}/${made.sha256}`, made, agent),
    publish: async ({ sha256 }) => void (published = `${url}/${sha256}`),
    head: () => fetchAll(published, 'HEAD', agent, {}),
    get: (range) => fetchAll(published, 'GET', agent, range === undefined ? {} : { range }),
    info: undefined,
    close: () => ended(child, folder),
  };
}

async function send(href: string, { seed, size }: MadeFile, agent: Agent): Promise<void> {
  const sent = await request(href, {
    method: 'PUT',
    body: Readable.from(blocks(seed, size)),
    headers: { 'content-length': String(size) },
    dispatcher: agent,
  });
  const text = await sent.body.text();
  if (sent.statusCode !== 200) throw new Error(`PUT answered ${sent.statusCode} ${text}`);
}

async function fetchAll(url: string, method: 'GET' | 'HEAD', agent: Agent, headers: Record<string, string>): Promise<void> {
  // Why: undici ends the connection after each HEAD unless told otherwise; Python's clients keep it.
  const answer = await request(url, { method, headers, dispatcher: agent, reset: false });
  for await (const _ of answer.body);
  if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode}`);
}

/** Waits until a process has said everything that is expected, and answers the first group of each. */
function said(child: ChildProcess, expected: readonly RegExp[]): Promise<readonly string[]> {
  return new Promise((settled, failed) => {
    let text = '';
    const read = (piece: Buffer): void => {
      text += piece.toString();
      const found = expected.map((one) => one.exec(text)?.[1]);
      if (found.every((one) => one !== undefined)) settled(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', () => failed(new Error(text)));
  });
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
  await rm(folder, { recursive: true, force: true });
}

/** From Linux. */
async function usageOf({ pid }: ChildProcess): Promise<Usage> {
  const stat = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, rss: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 };
}
