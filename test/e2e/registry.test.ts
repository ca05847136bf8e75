import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statementAbout, statementBytes } from '../../src/evidence/attestations/statement.ts';
import { trainingPredicate, TrainingRun } from '../../src/evidence/attestations/training.ts';
import { testResultPredicate, TestRun } from '../../src/evidence/attestations/test-result.ts';
import { PREDICATES } from '../../src/evidence/attestations/predicate-types.ts';
import { verifyAttestation } from '../../src/evidence/attestations/verify-attestation.ts';
import { manifestOf, signModel } from '../../src/evidence/oms/sign-model.ts';
import { verifyModel } from '../../src/evidence/oms/verify-model.ts';
import { IN_TOTO_PAYLOAD, OMS_PREDICATE } from '../../src/evidence/oms/statement.ts';
import { keySeal, type Seal } from '../../src/evidence/signature/seal.ts';
import { readPublicKey } from '../../src/vault/ec-key.ts';
import { generateKey, privateKeySigner } from '../../src/vault/private-key.ts';
import { must, serve, type Served, type Somebody } from './served.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.");
const CARD = '---\nlicense: apache-2.0\nbase_model: acme/base\ndatasets:\n- acme/texts\n---\n# Bert\n';
const FILES = { 'config.json': '{"model_type": "bert"}', 'README.md': CARD };
const BERT = '/repositories/model/acme/bert';

const { privatePem, publicPem } = generateKey('P-256', undefined);
const seal: Seal = keySeal(privateKeySigner(privatePem, undefined, 'release'));
const stranger: Seal = keySeal(privateKeySigner(generateKey('P-256', undefined).privatePem, undefined, 'stranger'));

let folder: string;
let served: Served;
let ann: Somebody;
let bob: Somebody;

async function local(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const model = await mkdtemp(join(folder, 'model-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(model, path, '..'), { recursive: true });
    await writeFile(join(model, path), content);
  }
  return model;
}

async function statement(files: Readonly<Record<string, string>>, predicateType: string, predicate: object, by = seal): Promise<string> {
  const manifest = await manifestOf(await local(files));
  return by(IN_TOTO_PAYLOAD, statementBytes(statementAbout(manifest, predicateType, predicate)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-e2e-files-'));
  const key = join(folder, 'release.pub');
  await writeFile(key, publicPem);
  served = await serve({
    registry: {
      trust: { keys: [{ file: key, name: 'release' }] },
      stages: [
        { name: 'staging' },
        {
          name: 'production',
          after: 'staging',
          requires: {
            signature: true,
            bom: true,
            attestations: [{ id: 'evaluation', predicate: PREDICATES.testResult, name: 'evaluation' }],
            approvals: { count: 1 },
          },
        },
      ],
    },
  });
  ann = await served.person('ann', 'approver@acme');
  bob = await served.person('bob', 'approver@acme');
});
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

describe('from push to recall', () => {
  test('a malicious push is blocked until somebody else approves a waiver, and again when it ends', async () => {
    must(await ann.push('acme/risky', { 'model.pkl': MALICIOUS }));
    expect(await ann.pull('acme/risky', 'main', 'model.pkl')).toMatchObject({ status: 403 });
    const waivers = '/repositories/model/acme/risky/waivers';
    const expiresAt = new Date(Date.now() + 4_000).toISOString();
    const { waiver } = must(await ann.api('POST', waivers, { rule: 'pickle.*', reason: 'research', expiresAt })).body;
    expect((await ann.pull('acme/risky', 'main', 'model.pkl')).status).toBe(403);
    expect(await ann.api('POST', `${waivers}/${waiver}/approve`, {})).toMatchObject({ status: 403, body: { code: 'access.denied' } });
    must(await bob.api('POST', `${waivers}/${waiver}/approve`, {}));
    expect((await ann.pull('acme/risky', 'main', 'model.pkl')).status).toBe(200);
    await sleep(Date.parse(expiresAt) - Date.now() + 5);
    expect(await ann.pull('acme/risky', 'main', 'model.pkl')).toMatchObject({ status: 403 });
    await sleep(1_500);
    const entries = must(await served.admin.api('GET', '/ledger/entries?limit=1000')).body as { kind: string }[];
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['waiver.requested', 'waiver.approved', 'waiver.expired']));
    expect(must(await ann.api('GET', waivers)).body).toMatchObject([{ state: 'expired', approved: true }]);
  });

  test('promotion to production is refused with every reason, then allowed with the evidence', async () => {
    must(await ann.push('acme/bert', FILES));
    expect(must(await ann.api('POST', `${BERT}/versions`, {})).body).toMatchObject({ version: 1, admission: 'admitted' });
    const promote = (by: Somebody, stage: string) => by.api('POST', `${BERT}/versions/1/promote`, { stage });
    const refused = must(await promote(bob, 'production')).body;
    expect(refused.isPromoted).toBe(false);
    expect(refused.requirements.filter((one: { isMet: boolean }) => !one.isMet).map((one: { id: string }) => one.id)).toEqual([
      'after-staging',
      'signature',
      'attestation-evaluation',
      'approvals',
    ]);

    const attestations = `${BERT}/revisions/v1/attestations`;
    const { bundle } = await signModel(await local(FILES), stranger);
    expect(await ann.api('POST', attestations, bundle)).toMatchObject({ status: 422, body: { code: 'signature.untrusted' } });
    const other = await signModel(await local({ ...FILES, 'config.json': '{}' }), seal);
    expect(await ann.api('POST', attestations, other.bundle)).toMatchObject({ status: 422, body: { code: 'signature.mismatch' } });
    const renamed = await signModel(await local({ 'config.jsom': FILES['config.json'], 'README.md': CARD }), seal);
    expect(await ann.api('POST', attestations, renamed.bundle)).toMatchObject({ status: 422, body: { code: 'signature.mismatch' } });
    expect(await ann.api('POST', attestations, '{"nonsense": 1}')).toMatchObject({ status: 422 });
    must(await ann.api('POST', attestations, (await signModel(await local(FILES), seal)).bundle));

    const run = (passed: boolean) =>
      testResultPredicate(TestRun.parse({ configuration: [{ name: 'evaluation' }], [passed ? 'passedTests' : 'failedTests']: ['a'] }));
    must(await ann.api('POST', attestations, await statement(FILES, PREDICATES.testResult, run(true))));
    must(await ann.api('POST', attestations, await statement(FILES, PREDICATES.testResult, run(false))));
    const failed = must(await promote(bob, 'production')).body;
    expect(failed.requirements).toContainEqual(
      expect.objectContaining({ id: 'attestation-evaluation', isMet: false, detail: expect.stringContaining('says FAILED') }),
    );
    must(await ann.api('POST', attestations, await statement(FILES, PREDICATES.testResult, { ...run(true), url: 'https://ci.example/2' })));

    must(await promote(bob, 'staging'));
    must(await ann.api('POST', `${BERT}/versions/1/approvals`, { stage: 'production' }));
    const stillOwn = must(await promote(bob, 'production')).body;
    expect(stillOwn.isPromoted, 'ann made the version, so that her approval does not count').toBe(false);
    const carl = await served.person('carl', 'approver@acme');
    must(await carl.api('POST', `${BERT}/versions/1/approvals`, { stage: 'production' }));
    const allowed = must(await promote(bob, 'production')).body;
    expect(allowed).toMatchObject({ isPromoted: true, stage: 'production' });
    expect(must(await ann.api('GET', `${BERT}/versions/1`)).body.stage).toBe('production');
  });

  test('an approver of another namespace approves nothing here', async () => {
    const eve = await served.person('eve', 'approver@evil');
    must(await eve.push('evil/copy', FILES));
    must(await eve.api('POST', '/repositories/model/evil/copy/versions', {}));
    must(await eve.api('POST', '/repositories/model/evil/copy/versions/1/approvals', { stage: 'production' }));
    must(await bob.push('acme/second', FILES));
    must(await bob.api('POST', '/repositories/model/acme/second/versions', {}));
    const { requirements } = must(
      await ann.api('POST', '/repositories/model/acme/second/versions/1/promote', { stage: 'production', dryRun: true }),
    ).body;
    expect(requirements).toContainEqual(expect.objectContaining({ id: 'approvals', isMet: false }));
    expect(requirements, 'a signature counts where it was brought').toContainEqual(
      expect.objectContaining({ id: 'signature', isMet: false }),
    );
  });

  test('what was promoted verifies offline: files by the key of the registry, decision by its SVR', async () => {
    const [key] = must(await ann.api('GET', '/signing-keys')).body;
    const kept = must(await ann.api('GET', `${BERT}/revisions/v1/attestations?bundles=true`)).body as {
      predicateType: string;
      byRegistry: boolean;
      bundle: string;
      signer: string | null;
    }[];
    expect(kept.every(({ signer }) => signer !== null)).toBe(true);
    const model = await local(FILES);
    const trust = { keys: [{ publicKey: readPublicKey(key.publicKey, 'registry'), name: 'registry' }] };
    const signature = kept.find((one) => one.byRegistry && one.predicateType === OMS_PREDICATE)?.bundle ?? '';
    expect(await verifyModel(model, Buffer.from(signature), trust)).toMatchObject({ matches: true });
    await writeFile(join(model, 'config.json'), '{"model_type": "evil"}');
    expect(await verifyModel(model, Buffer.from(signature), trust)).toMatchObject({ matches: false });
    const result = kept.find((one) => one.predicateType === PREDICATES.verificationResult)?.bundle ?? '';
    const svr = await verifyAttestation(Buffer.from(result), trust, await manifestOf(await local(FILES)));
    expect(svr.statement.predicate).toMatchObject({ properties: expect.arrayContaining(['CORDON_STAGE_PRODUCTION']) });
    expect(kept.map(({ predicateType }) => predicateType)).toContain('https://cyclonedx.org/bom');
  });

  test('lineage: declared by the card, attested by provenance; which production models descend from a data set?', async () => {
    const dataset = 'ab'.repeat(32);
    const training = trainingPredicate(
      TrainingRun.parse({ builder: { id: 'https://ci.example/train' }, datasets: [{ name: 'acme/texts', digest: { sha256: dataset } }] }),
    );
    must(await ann.api('POST', `${BERT}/revisions/v1/attestations`, await statement(FILES, PREDICATES.training, training)));
    const lineage = must(await ann.api('GET', `${BERT}/revisions/v1/lineage`)).body as { artifact: string }[];
    expect(lineage.map(({ artifact }) => artifact)).toEqual(expect.arrayContaining(['base-model:acme/base', `sha256:${dataset}`]));
    const impact = must(await ann.api('GET', `/impact?artifact=${dataset}&stage=production&proven=true`)).body;
    expect(impact).toMatchObject([{ repository: 'acme/bert', version: 1, stage: 'production' }]);
    const sue = await served.person('sue', 'reader@elsewhere');
    expect(must(await sue.api('GET', `/impact?artifact=${dataset}`)).body).toEqual([]);
    const bill = must(await ann.api('GET', `${BERT}/versions/1/bom?spec=1.7`)).body;
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.7' });
    expect(must(await ann.api('GET', `${BERT}/versions/1/bom?format=spdx`)).body).toHaveProperty('@graph');
  });

  test('a signature that lies beside the files is taken in after admission', async () => {
    const { bundle } = await signModel(await local(FILES), seal);
    must(await ann.push('acme/signed', { ...FILES, 'model.sig': bundle, '.gitattributes': '*.bin filter=lfs\n' }));
    must(await ann.api('POST', '/repositories/model/acme/signed/versions', {}));
    const kept = must(await ann.api('GET', '/repositories/model/acme/signed/revisions/v1/attestations')).body;
    expect(kept).toContainEqual(
      expect.objectContaining({ predicateType: OMS_PREDICATE, byRegistry: false, signer: expect.stringContaining('release') }),
    );
    must(await ann.push('acme/tampered', { ...FILES, 'extra.txt': 'x', 'model.sig': bundle }));
    must(await ann.api('POST', '/repositories/model/acme/tampered/versions', {}));
    const bad = must(await ann.api('GET', '/repositories/model/acme/tampered/revisions/v1/attestations')).body;
    expect(bad).toContainEqual(expect.objectContaining({ byRegistry: false, signer: null, problem: expect.stringContaining('extra.txt') }));
  });

  test('a recall is effective within a second, also on another server, and names who pulled', async () => {
    const second = await serve({}, served.folder, served.admin.key);
    const dora = await served.person('dora', 'reader@acme');
    try {
      expect((await dora.pull('acme/bert', 'v1', 'config.json')).status).toBe(200);
      const { somebody } = await import('./served.ts');
      const there = somebody(second.server.url, dora.key);
      expect((await there.pull('acme/bert', 'v1', 'config.json')).status).toBe(200);
      const started = performance.now();
      const told = must(await bob.api('POST', `${BERT}/revisions/v1/recall`, { reason: 'poisoned' })).body;
      expect(await there.pull('acme/bert', 'v1', 'config.json')).toMatchObject({ status: 403 });
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(told.pulledBy).toContainEqual(expect.objectContaining({ principal: 'dora' }));
      expect(must(await ann.api('GET', `${BERT}/versions/1`)).body).toMatchObject({ stage: '', admission: 'recalled' });
    } finally {
      await second.close();
    }
  });

  test('administrators collect and check; nobody else', async () => {
    expect(must(await served.admin.api('POST', '/maintenance/collect', { dryRun: true })).body).toHaveProperty('blobs');
    expect(must(await served.admin.api('POST', '/maintenance/check', { seconds: 5 })).body).toMatchObject({ damaged: 0, next: null });
    expect((await ann.api('POST', '/maintenance/collect', {})).status).toBe(403);
  });
});
