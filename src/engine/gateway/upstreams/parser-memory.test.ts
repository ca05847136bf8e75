import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const CONNECT = new URL('connect.ts', import.meta.url).href;

/** Asks a server of its own often enough for V8 to optimise what parses the answers, and tells how much memory compilers took, MB. */
const SCRIPT = `
import { createServer } from 'node:http';
import { getHeapStatistics } from 'node:v8';
const { connectTo } = await import(${JSON.stringify(CONNECT)});
const server = createServer((request, response) => {
  for (let index = 0; index < 40; index++) response.write('data: {"choices":[]}\\n\\n');
  response.end();
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = new URL('http://127.0.0.1:' + server.address().port);
const pool = connectTo(origin, { id: 'model', allowPrivateNetwork: true, connections: 4, timeouts: { connectMs: 1_000 } });
for (let index = 0; index < 600; index++) await (await pool.request({ path: '/', method: 'GET' })).body.dump();
await new Promise((settled) => setTimeout(settled, 500));
console.log(getHeapStatistics().peak_malloced_memory / 1e6);
process.exit(0);
`;

test('V8 does not take tens of megabytes to optimise the parser of answers', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', SCRIPT], { encoding: 'utf8' });
  expect(Number.parseFloat(stdout), stderr).toBeGreaterThan(0);
  expect(Number.parseFloat(stdout)).toBeLessThan(25);
});
