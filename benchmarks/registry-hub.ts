import { spawn } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { row } from './measure.ts';

/**
 * Speed of the Hub API: a whole server in a process of its own, and one client process that shares the machine with it. CPU
 * seconds are those of the server.
 *
 * Run: npx tsx benchmarks/registry-hub.ts [--seconds 5] [--mib 1024] [--uploads 64] [--upload-mib 200] [--folder DIR]
 */
const option = (name: string, fallback: string): string => process.argv[process.argv.indexOf(`--${name}`) + 1 || -1] ?? fallback;
const seconds = Number(option('seconds', '5'));
const fileBytes = Number(option('mib', '1024')) * 2 ** 20;
const uploads = Number(option('uploads', '64'));
const uploadBytes = Number(option('upload-mib', '200')) * 2 ** 20;
const folder = await mkdtemp(join(option('folder', tmpdir()), 'cordon-bench-hub-'));
const BLOCK = 1 << 20;

const main = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const server = spawn(process.execPath, ['--import', 'tsx', main, 'serve', '--port', '0', '--data', folder], {
  env: { ...process.env, CORDON_LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
const { url, key } = await started();
const agent = new Agent({ connections: 64, headersTimeout: 0, bodyTimeout: 0 });
const headers = { authorization: `Bearer ${key}` };

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}, SQLite, disk\n`);
console.log(row('what', 'number', 'per second', 'per CPU second', 'peak MiB'));
console.log(row('---', '---', '---', '---', '---'));

try {
  await post('/hf/api/repos/create', { name: 'bench/model' });
  const content = await fileOf(1, fileBytes);
  await measure('ingest 1 file, MiB (LFS, hash, commit, scan)', fileBytes / 2 ** 20, async () => {
    await put(content);
    await commit([{ path: 'model.dat', oid: content.sha256, size: content.size }]);
    await get('/hf/bench/model/resolve/main/model.dat', 'HEAD');
  });
  let heads = 0;
  await measure(
    `HEAD resolve, 32 at a time`,
    () => heads,
    async () => {
      const end = performance.now() + seconds * 1_000;
      const one = async (): Promise<void> => {
        while (performance.now() < end) {
          await get('/hf/bench/model/resolve/main/model.dat', 'HEAD');
          heads++;
        }
      };
      await Promise.all(Array.from({ length: 32 }, one));
    },
  );
  let infos = 0;
  await measure(
    `model info, 32 at a time`,
    () => infos,
    async () => {
      const end = performance.now() + seconds * 1_000;
      const one = async (): Promise<void> => {
        while (performance.now() < end) {
          await get('/hf/api/models/bench/model', 'GET');
          infos++;
        }
      };
      await Promise.all(Array.from({ length: 32 }, one));
    },
  );
  const rounds = 3;
  await measure('download, MiB', (rounds * fileBytes) / 2 ** 20, async () => {
    for (let round = 0; round < rounds; round++) await get('/hf/bench/model/resolve/main/model.dat', 'GET');
  });
  await measure('download by 4 ranges at a time, MiB', fileBytes / 2 ** 20, async () => {
    const part = fileBytes / 4;
    await Promise.all(
      [0, 1, 2, 3].map((n) => get('/hf/bench/model/resolve/main/model.dat', 'GET', `bytes=${n * part}-${(n + 1) * part - 1}`)),
    );
  });
  const files = await Promise.all(Array.from({ length: uploads }, (_, index) => fileOf(index + 2, uploadBytes)));
  await measure(`${uploads} uploads at a time, MiB`, (uploads * uploadBytes) / 2 ** 20, () => Promise.all(files.map(put)));
} finally {
  server.kill('SIGTERM');
  await agent.destroy();
  await rm(folder, { recursive: true, force: true });
}

interface MadeFile {
  readonly seed: number;
  readonly size: number;
  readonly sha256: string;
}

/** Pseudo-random content that is made while it is sent: no file of it is kept. */
async function fileOf(seed: number, size: number): Promise<MadeFile> {
  const hash = createHash('sha256');
  for (const block of blocks(seed, size)) hash.update(block);
  return { seed, size, sha256: hash.digest('hex') };
}

function* blocks(seed: number, size: number): Generator<Buffer> {
  const first = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(BLOCK));
  for (let at = 0; at < size; at += BLOCK) {
    const block = Buffer.from(first);
    block.writeUInt32LE(at / BLOCK, 0);
    yield block.subarray(0, Math.min(BLOCK, size - at));
  }
}

async function put({ seed, size, sha256 }: MadeFile): Promise<void> {
  const batch = (await post('/hf/bench/model.git/info/lfs/objects/batch', {
    operation: 'upload',
    objects: [{ oid: sha256, size }],
  })) as { objects: [{ actions?: { upload: { href: string } } }] };
  const href = batch.objects[0].actions?.upload.href;
  if (href === undefined) return;
  const sent = await request(href, {
    method: 'PUT',
    body: Readable.from(blocks(seed, size)),
    headers: { 'content-length': String(size) },
    dispatcher: agent,
  });
  await sent.body.dump();
  if (sent.statusCode !== 200) throw new Error(`PUT answered ${sent.statusCode}`);
}

async function commit(files: readonly { readonly path: string; readonly oid: string; readonly size: number }[]): Promise<void> {
  const lines = [{ key: 'header', value: { summary: 'bench' } }, ...files.map((value) => ({ key: 'lfsFile', value }))];
  await post('/hf/api/models/bench/model/commit/main', lines.map((line) => JSON.stringify(line)).join('\n'));
}

async function post(path: string, body: object | string): Promise<unknown> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await request(url + path, { method: 'POST', headers, body: text, dispatcher: agent });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`);
  return answer.body.json();
}

async function get(path: string, method: 'GET' | 'HEAD', range?: string): Promise<void> {
  const answer = await request(url + path, { method, headers: { ...headers, ...(range !== undefined && { range }) }, dispatcher: agent });
  for await (const _ of answer.body);
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode}`);
}

async function measure(what: string, number: number | (() => number), work: () => Promise<unknown>): Promise<void> {
  const before = await usage();
  const start = performance.now();
  let peak = 0;
  const timer = setInterval(() => void usage().then(({ rss }) => (peak = Math.max(peak, rss))), 100);
  await work();
  clearInterval(timer);
  const elapsed = (performance.now() - start) / 1_000;
  const after = await usage();
  const count = typeof number === 'number' ? number : number();
  const cpu = Math.max(after.cpu - before.cpu, 0.01);
  const text = [count, count / elapsed, count / cpu, Math.max(peak, after.rss)].map((value) => Math.round(value).toLocaleString('en'));
  console.log(row(what, ...text));
}

/** CPU seconds and resident MiB of the server, from Linux. */
async function usage(): Promise<{ readonly cpu: number; readonly rss: number }> {
  const stat = (await readFile(`/proc/${server.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, rss: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 };
}

function started(): Promise<{ readonly url: string; readonly key: string }> {
  return new Promise((settled, failed) => {
    let text = '';
    const read = (piece: Buffer): void => {
      text += piece.toString();
      const address = /listens on (http:\S+)/.exec(text)?.[1];
      const secret = /cordon_[A-Za-z0-9_]+/.exec(text)?.[0];
      if (address !== undefined && secret !== undefined) settled({ url: address, key: secret });
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.on('exit', () => failed(new Error(text)));
  });
}
