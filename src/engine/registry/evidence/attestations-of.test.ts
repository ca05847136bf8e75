import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PREDICATES } from '../../../evidence/attestations/predicate-types.ts';
import { statementAbout, statementBytes } from '../../../evidence/attestations/statement.ts';
import { IN_TOTO_PAYLOAD } from '../../../evidence/oms/statement.ts';
import { keySeal } from '../../../evidence/signature/seal.ts';
import { generateKey, privateKeySigner } from '../../../vault/private-key.ts';
import { loadManifest } from '../manifest.ts';
import { createRepository } from '../repositories.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { attest } from './attest.ts';
import { attestationsOf } from './attestations-of.ts';
import { omsManifest } from './views.ts';

const { privatePem, publicPem } = generateKey('P-256', undefined);
const seal = keySeal(privateKeySigner(privatePem, undefined, 'ci'));

let folder: string;
let registry: TestRegistry;
let now = Date.now();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-attestations-'));
  await writeFile(join(folder, 'ci.pub'), publicPem);
  const trust = { keys: [{ file: join(folder, 'ci.pub'), name: 'ci' }] };
  registry = await testRegistry({ registry: { trust } }, { now: () => now });
});
afterAll(async () => {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

test('an old result that is sent again, written or signed in another way, is not the newest', async () => {
  const { context } = registry;
  const ann = await registry.person('ann', 'contributor', 'acme');
  const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  const { manifest } = await registry.push(ann, repository, { 'config.json': '{}' });
  const about = omsManifest(await loadManifest(context.store.db, manifest), '');
  const said = (result: string) => seal(IN_TOTO_PAYLOAD, statementBytes(statementAbout(about, PREDICATES.testResult, { result })));
  const bring = (bundle: string) => {
    now += 1_000;
    return attest(context, ann, repository, manifest, Buffer.from(bundle));
  };
  const passed = await said('PASSED');
  await bring(passed);
  await bring(await said('FAILED'));
  await bring(passed.replace('{', '{ '));
  await bring(await said('PASSED'));
  const results = (await attestationsOf(context, repository, manifest)).map(({ predicate }) => predicate['result']);
  expect(results).toEqual(['FAILED', 'PASSED', 'PASSED', 'PASSED']);
});
