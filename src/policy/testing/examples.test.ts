import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { compileAllGates } from '../lint-config.ts';
import { openPolicy } from '../open-policy.ts';
import { loadPolicyTests, runPolicyTests } from './table-test.ts';

const FOLDER = fileURLToPath(new URL('../../../examples/policies/', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const policies = files.filter((file) => !file.endsWith('.test.yaml'));
/** Needs a server; `equal-decisions.test.ts` asks a real one. */
const WITHOUT_TEST = 'opa-server.yaml';

test('every policy is valid and has a test, every test has its policy', () => {
  for (const file of policies) compileAllGates(loadConfig(readFileSync(resolve(FOLDER, file), 'utf8'), file));
  const wanted = policies.filter((file) => file !== WITHOUT_TEST).map((file) => file.replace('.yaml', '.test.yaml'));
  expect(files.filter((file) => file.endsWith('.test.yaml')).toSorted()).toEqual(wanted.toSorted());
});

describe.each(files.filter((file) => file.endsWith('.test.yaml')))('%s', (file) => {
  test('decides as its table says', async () => {
    const tests = loadPolicyTests(readFileSync(resolve(FOLDER, file), 'utf8'), file);
    const policy = tests.policy ?? '';
    const config = loadConfig(readFileSync(resolve(FOLDER, policy), 'utf8'), policy);
    const sources = { readBundle: (path: string) => readFile(resolve(FOLDER, path)), secret: async () => '' };
    const results = await runPolicyTests(tests, async (gate, input) => (await openPolicy(config, gate, sources)).decide(input));
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
  });
});
