import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../../policy/config/load-config.ts';
import { Guards } from '../../gateway/guarding/guards.ts';

const ROOT = new URL('../../../', import.meta.url);
const PAGES = [
  'access',
  'gateway',
  'gateway-audit',
  'gateway-defence',
  'gateway-endpoints',
  'gateway-limits',
  'gateway-mcp',
  'gateway-telemetry',
  'gateway-translation',
  'gateway-upstreams',
];

/** Blocks of docs/gateway-upstreams.md that show one member of a list: what they stand in. */
const UPSTREAM = 'gateway:\n  upstreams:\n';
const MODEL = `${UPSTREAM}    - { id: openai, kind: openai }\n  models:\n`;

function blocks(page: string): readonly string[] {
  const text = readFileSync(new URL(`docs/${page}.md`, ROOT), 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block]) => block ?? '');
}

test.each(PAGES)('every configuration in docs/%s.md is valid', (page) => {
  const all = blocks(page);
  expect(all.length).toBeGreaterThan(0);
  for (const one of all) {
    const around = one.startsWith('    - ') ? UPSTREAM : one.startsWith('    ') ? MODEL : '';
    loadConfig(`${around}${one}`, `docs/${page}.md`);
  }
});

test('the example of a whole gateway is valid, and its profiles are there', () => {
  const file = 'examples/gateway/cordon.yaml';
  const config = loadConfig(readFileSync(new URL(file, ROOT), 'utf8'), file);
  const guards = new Guards(config.gateway, config.guard, { folder: '.' });
  for (const profile of ['company', 'strict', 'default']) expect(guards.of([profile], '/v1/chat/completions', undefined)).toBeDefined();
});
