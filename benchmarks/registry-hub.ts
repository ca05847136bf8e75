import { existsSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { fileOf, type MadeFile } from './hub/content.ts';
import { plainTarget, registryTarget, type Target } from './hub/targets.ts';
import { row } from './measure.ts';

/**
 * Speed and memory of the Hub API, beside a plain file server in the same run. Each server is a process of its own; one client
 * process shares the machine with it. CPU seconds and memory are those of the server.
 *
 * Run: npm run build && npx tsx benchmarks/registry-hub.ts [--seconds 5] [--mib 1024] [--uploads 64] [--upload-mib 200]
 * [--folder DIR] [--cli FILE] [--only ingest,head,info,get,ranges,uploads] [--no-peer] [--profile DIR]
 */
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : (process.argv[at + 1] ?? fallback);
};
const MIB = 2 ** 20;
const seconds = Number(option('seconds', '5'));
const fileBytes = Number(option('mib', '1024')) * MIB;
const uploads = Number(option('uploads', '64'));
const uploadBytes = Number(option('upload-mib', '200')) * MIB;
const folder = option('folder', tmpdir());
const cli = option('cli', join(import.meta.dirname, '..', 'dist', 'cli.js'));
const profile = option('profile', '');
const only = new Set(option('only', 'ingest,head,info,get,ranges,uploads').split(','));
if (!existsSync(cli)) throw new Error(`${cli} is not there: npm run build`);

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}, SQLite, disk\n`);
console.log(row('what', 'server', 'number', 'per second', 'per CPU second', 'peak MiB'));
console.log(row('---', '---', '---', '---', '---', '---'));

const content = await fileOf(1, fileBytes);
const files: MadeFile[] = [];
if (only.has('uploads')) for (let index = 0; index < uploads; index++) files.push(await fileOf(index + 2, uploadBytes));

const agent = new Agent({ connections: 64, headersTimeout: 0, bodyTimeout: 0 });
const nodeOptions = profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
await run(await registryTarget(cli, folder, agent, nodeOptions));
if (!process.argv.includes('--no-peer')) await run(await plainTarget(folder, agent));
await agent.destroy();

async function run(target: Target): Promise<void> {
  try {
    await measure(target, 'ingest', '1 file, MiB (upload, commit, scan, readable)', async () => {
      await target.put(content);
      await target.publish(content);
      return fileBytes / MIB;
    });
    if (!only.has('ingest')) {
      await target.put(content);
      await target.publish(content);
    }
    // Why: a server runs for months, and its first second is compiling.
    if (only.has('head')) await repeated(target.head, 1);
    await measure(target, 'head', 'HEAD resolve, 32 at a time', () => repeated(target.head));
    const { info } = target;
    if (info !== undefined) await measure(target, 'info', 'model info, 32 at a time', () => repeated(info));
    await measure(target, 'get', 'download, MiB', async () => {
      for (let round = 0; round < 4; round++) await target.get();
      return (4 * fileBytes) / MIB;
    });
    await measure(target, 'ranges', 'download by 4 ranges at a time, MiB', async () => {
      const part = fileBytes / 4;
      await Promise.all([0, 1, 2, 3].map((n) => target.get(`bytes=${n * part}-${(n + 1) * part - 1}`)));
      return fileBytes / MIB;
    });
    await measure(target, 'uploads', `${uploads} uploads at a time, MiB`, async () => {
      await Promise.all(files.map((file) => target.put(file)));
      return (uploads * uploadBytes) / MIB;
    });
  } finally {
    await target.close();
  }
}

/** How often `ask` ends within some seconds, 32 at a time. */
async function repeated(ask: () => Promise<void>, forSeconds = seconds): Promise<number> {
  const end = performance.now() + forSeconds * 1_000;
  let count = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < end) {
      await ask();
      count++;
    }
  };
  await Promise.all(Array.from({ length: 32 }, one));
  return count;
}

async function measure(target: Target, id: string, what: string, work: () => Promise<number>): Promise<void> {
  if (!only.has(id)) return;
  const before = await target.usage();
  const start = performance.now();
  let peak = 0;
  const timer = setInterval(() => void target.usage().then(({ rss }) => (peak = Math.max(peak, rss))), 100);
  const count = await work();
  clearInterval(timer);
  const elapsed = (performance.now() - start) / 1_000;
  const after = await target.usage();
  const cpu = Math.max(after.cpu - before.cpu, 0.01);
  const text = [count, count / elapsed, count / cpu, Math.max(peak, after.rss)].map((value) => Math.round(value).toLocaleString('en'));
  console.log(row(what, target.name, ...text));
}
