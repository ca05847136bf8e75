import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { row } from '../measure.ts';
import { type Measured, start } from './processes.ts';
import { Clients } from './soak/clients.ts';
import { SLOTS, soakConfig } from './soak/config.ts';
import { memoryOf, metric, perHour, type Sample, toldBy } from './soak/samples.ts';
import { messages } from './texts.ts';

/**
 * Whether the gateway holds its memory, its slots and its records over a long time of everything at once: chats, streams, messages,
 * embeddings, files, tools; blocked, limited and bad requests; slow clients and clients that give up; models that are slow, break off, fail,
 * send garbage or nothing.
 *
 *     npm run build && npx tsx benchmarks/gateway/soak.ts [--minutes 60] [--rate 20] [--aborts 0.05] [--workers 1] [--every 10] [--node-options ...]
 *
 * Prints a line of CSV for each sample, and at the end slopes over the second half, what is left, and requests beside records. Exit code 1
 * where something is left or a record is missing.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '20' },
    aborts: { type: 'string', default: '0.05' },
    workers: { type: 'string', default: '1' },
    every: { type: 'string', default: '10' },
    port: { type: 'string', default: '18012' },
    'node-options': { type: 'string', default: '' },
  },
});
const root = join(import.meta.dirname, '../..');
const port = Number(values.port);
const gateway = `http://127.0.0.1:${port}`;
const model = `http://127.0.0.1:${port + 1}`;
const folder = mkdtempSync(join(tmpdir(), 'cordon-soak-'));
const servers: Measured[] = [];
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const isUp = (url: string) => () =>
  fetch(url).then(
    () => true,
    () => false,
  );

async function pageOf(path: string, key: string): Promise<string> {
  return (await fetch(`${gateway}${path}`, { headers: { authorization: `Bearer ${key}` } })).text();
}

try {
  servers.push(
    await start(
      [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'soak/model.ts'), String(port + 1)],
      { cwd: root },
      isUp(`${model}/mcp`),
    ),
  );
  writeFileSync(join(folder, 'cordon.yaml'), soakConfig(port, model));
  let said = '';
  const options = values['node-options'].split(' ').filter((option) => option !== '');
  const cordon = await start(
    [process.execPath, ...options, join(root, 'dist/cli.js'), 'serve', '--workers', values.workers],
    { cwd: folder, env: { ...process.env, CORDON_LOG_LEVEL: 'error', CORDON_SOAK_KEY: 'made-up' } },
    (text) => (said = text).includes(Number(values.workers) > 1 ? `${values.workers} workers answer` : 'OPENAI_BASE_URL'),
  );
  servers.push(cordon);
  const key = /^ {2}(cordon_\S+)$/m.exec(said)?.[1] ?? '';
  const clients = new Clients(gateway, key, Number(values.aborts));
  const samples: Sample[] = [];
  const began = performance.now();
  let cpu = cordon.cpuS();
  let asked = 0;
  async function sample(): Promise<void> {
    const seconds = (performance.now() - began) / 1_000;
    const one = { seconds, ...memoryOf(cordon.pids()), ...toldBy(await pageOf('/metrics', key)) };
    const [cpuNow, askedNow] = [cordon.cpuS(), clients.sent.all];
    const cells = [one.rss, one.pss, one.anonymous, one.heap, one.external].map((mib) => mib.toFixed(1));
    const cpuMs = askedNow === asked ? 0 : ((cpuNow - cpu) / (askedNow - asked)) * 1_000;
    say([seconds.toFixed(0), ...cells, one.files, one.inFlight, clients.going, askedNow, cpuMs.toFixed(2)].join(','));
    [cpu, asked] = [cpuNow, askedNow];
    samples.push(one);
  }
  say('seconds,rss MiB,pss MiB,anonymous MiB,heap MiB,external MiB,open files,at providers,at clients,requests,CPU ms per request');
  await sample();
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      await pause(Number(values.every) * 1_000);
      if (!isOver) await sample();
    }
  })();
  await clients.run(Number(values.rate), Number(values.minutes) * 60);
  isOver = true;
  await sampling;
  await pause(5_000);
  await sample();
  const isRight = await report(clients, samples, key, cordon);
  process.exitCode = isRight ? 0 : 1;
  await clients.close();
} finally {
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

interface GatewayState {
  readonly live: number;
  readonly upstreams: readonly { readonly id: string; readonly inFlight: number; readonly connections: number }[];
  readonly limits: { readonly spending: readonly { readonly held: number }[] };
  readonly audit: { readonly lost: number; readonly journalBytes: number; readonly problem: string | null };
}

async function report(clients: Clients, samples: readonly Sample[], key: string, cordon: Measured): Promise<boolean> {
  say(`\n${row('kind', 'requests', 'given up', 'surprises', 'the last one')}\n${row('---', '---', '---', '---', '---')}`);
  const tallies = [...clients.tallies].toSorted(([a], [b]) => a.localeCompare(b));
  for (const [kind, { sent, aborted, surprises, lastSurprise }] of tallies)
    say(row(kind, String(sent), String(aborted), String(surprises), lastSurprise ?? ''));
  const half = samples.slice(Math.floor(samples.length / 2), -1);
  say(`\n${row('second half', 'mean', 'greatest of all', 'growth in an hour')}\n${row('---', '---', '---', '---')}`);
  for (const name of ['rss', 'pss', 'anonymous', 'heap', 'external', 'files'] as const) {
    const { slope, error } = perHour(half, (one) => one[name]);
    const mean = half.reduce((sum, one) => sum + one[name], 0) / half.length;
    const greatest = Math.max(...samples.map((one) => one[name]));
    say(row(name, mean.toFixed(1), greatest.toFixed(1), `${slope.toFixed(1)} ± ${error.toFixed(1)}`));
  }
  // Why the counts first: what follows asks once more.
  const page = await pageOf('/metrics', key);
  const { all, aborted } = clients.sent;
  const stored = metric(page, 'cordon_gateway_audit_stored_total');
  const accepted = metric(page, 'cordon_gateway_audit_accepted_total');
  const wrongKeys = clients.tallies.get('wrong key')?.sent ?? 0;
  say(`\nrequests ${all}, of these given up ${aborted}, with a wrong key ${wrongKeys}; records accepted ${accepted}, stored ${stored}`);
  const state = JSON.parse(await pageOf('/api/v1/gateway', key)) as GatewayState;
  const held = state.limits.spending.reduce((sum, one) => sum + one.held, 0);
  const inFlight = state.upstreams.reduce((sum, one) => sum + one.inFlight, 0);
  say(`left: exchanges ${state.live}, at providers ${inFlight}, money leased ${held}, journal ${state.audit.journalBytes} bytes`);
  const body = JSON.stringify({ model: 'slow', messages: messages(0) });
  const slots = await clients.together({ kind: 'slot', method: 'POST', path: '/v1/chat/completions', body, statuses: [200] }, SLOTS);
  const free = slots.filter((status) => status === 200).length;
  say(`slots free: ${free} of ${SLOTS}; records lost ${state.audit.lost}; greatest resident set ${cordon.peakMib().toFixed(0)} MiB`);
  const isRight = state.live === 0 && inFlight === 0 && free === SLOTS && state.audit.lost === 0;
  return isRight && accepted === stored && accepted <= all && accepted >= all - aborted - wrongKeys;
}
