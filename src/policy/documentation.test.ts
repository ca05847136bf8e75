import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIELD_NAMES, VARIABLE_NAMES } from './cel/environment.ts';
import { compileGate } from './cel/gate.ts';
import { loadConfig } from './config/load-config.ts';
import { BUILTIN_GATE_CONFIGS } from './builtin-gates.ts';
import { compileAllGates } from './lint-config.ts';
import { loadPolicyTests } from './testing/table-test.ts';

const PAGE = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');

function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text ?? '');
}

test('every example of the page is valid', () => {
  const examples = blocks('yaml');
  expect(examples.length).toBeGreaterThan(4);
  for (const example of examples) {
    if (example.includes('cases:')) loadPolicyTests(example, 'docs/policy.md');
    else compileAllGates(loadConfig(example, 'docs/policy.md'));
  }
});

test('every condition of the page is valid', () => {
  for (const when of blocks('cel').flatMap((block) => block.trim().split('\n'))) {
    compileGate({ name: 'x', deny: [{ id: 'x', when: `artifacts.exists(a, ${when})` }], warn: [], allowIncomplete: false });
  }
});

test('the page names every field, variable and built-in gate', () => {
  const names = [...FIELD_NAMES, ...VARIABLE_NAMES, ...Object.keys(BUILTIN_GATE_CONFIGS)];
  expect(names.filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
});
