import { afterEach, beforeEach, expect, test } from 'vitest';
import { f32, makeSafetensors } from '../../../test/make-safetensors.ts';
import type { Principal } from '../../identity/permission.ts';
import { admissionOf, admit } from './admit.ts';
import { approve } from './approve.ts';
import { decidedFindings } from './decided-findings.ts';
import { promote } from './promote.ts';
import { createRepository, type Repository } from './repositories.ts';
import { retro } from './retro.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { seal, type Version } from './versions.ts';

let registry: TestRegistry;
let ann: Principal;
let repository: Repository;
let version: Version;

beforeEach(async () => {
  registry = await testRegistry({
    registry: { stages: [{ name: 'open' }, { name: 'production', gate: 'strict' }] },
  });
  ann = await registry.person('ann', 'approver', 'acme');
  const { context } = registry;
  repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'Llama-7B' });
  const revision = await registry.push(ann, repository, {
    'README.md': '---\nlicense: mit\n---\n# a model\n',
    'config.json': '{"model_type": "llama", "torch_dtype": "bfloat16", "license": "llama3"}',
    'model.safetensors': makeSafetensors({ w: f32(2, 0) }, new Uint8Array(8)),
  });
  version = await seal(context, ann, repository, revision);
  await admit(context, repository, version.manifest);
});
afterEach(() => registry.close());

test('what the card says and the bytes do not is a finding of the gate, kept with its decision', async () => {
  const admission = await admissionOf(registry.context, repository, version.manifest);
  expect(admission).toMatchObject({ state: 'admitted', reason: expect.stringContaining('Findings to review') });
  const findings = await decidedFindings(registry.context, admission);
  expect(findings.map(({ rule, severity, path }) => [rule, severity, path])).toEqual([
    ['bom.parameter-count', 'medium', '.'],
    ['bom.licence', 'medium', 'README.md'],
    ['bom.dtype', 'low', 'config.json'],
  ]);
});

test('it holds a promotion to a strict stage, and no other', async () => {
  const { context } = registry;
  await approve(context, ann, repository, version, { stage: 'open' });
  expect(await promote(context, ann, repository, version, 'open')).toMatchObject({ isPromoted: true });
  const held = await promote(context, ann, repository, version, 'production');
  expect(held.isPromoted).toBe(false);
  expect(held.findings.map(({ rule }) => rule)).toContain('bom.licence');
});

test('a stricter gate reaches what is stored, from facts', async () => {
  const strict = { ...registry.context, config: { ...registry.context.config } };
  strict.config.registry = { ...strict.config.registry, ingest: { ...strict.config.registry.ingest, gate: 'strict' } };
  expect(await retro(strict)).toMatchObject({ decided: 1, outdated: 0, changed: [{ after: 'quarantined' }] });
});
