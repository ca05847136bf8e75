import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { privateKeySigner } from '../../vault/private-key.ts';
import type { Manifest } from '../oms/manifest.ts';
import { manifestOf } from '../oms/sign-model.ts';
import { IN_TOTO_PAYLOAD } from '../oms/statement.ts';
import { keySeal } from '../signature/seal.ts';
import { isExpired, verificationResult, verificationSummary } from './gate-result.ts';
import { PREDICATES } from './predicate-types.ts';
import { readTraining } from './read-training.ts';
import { readAttestation, statementAbout, statementBytes } from './statement.ts';
import { contradictsItself, testResultPredicate, TestRun } from './test-result.ts';
import { trainingPredicate, TrainingRun } from './training.ts';
import { verifyAttestation } from './verify-attestation.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const seal = keySeal(privateKeySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'key'));
const policy = { keys: [{ publicKey, name: 'builder' }] };
const folder = mkdtempSync(join(tmpdir(), 'cordon-attest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let model: Manifest;
beforeAll(async () => {
  writeFileSync(join(folder, 'a.bin'), 'a');
  writeFileSync(join(folder, 'b.bin'), 'b');
  model = await manifestOf(folder, { name: 'm' });
});

const sha = (digit: string): { sha256: string } => ({ sha256: digit.repeat(64) });
const run = TrainingRun.parse({
  builder: { id: 'https://ci.example/trainer' },
  invocation: 'run-1',
  startedOn: '2026-11-01T10:00:00Z',
  code: { uri: 'git+https://git.example/train', digest: { gitCommit: 'ab'.repeat(20) }, entryPoint: 'train.py' },
  hyperparameters: { lr: 0.001, epochs: 3 },
  baseModels: [{ uri: 'pkg:huggingface/org/base@abc', digest: sha('1') }],
  datasets: [{ name: 'corpus', digest: sha('2') }],
  container: { uri: 'oci://trainer', digest: sha('3') },
  lockfiles: [{ name: 'uv.lock', digest: sha('4') }],
  metrics: { loss: 0.1 },
});

const signed = async (statement: ReturnType<typeof statementAbout>) => Buffer.from(await seal(IN_TOTO_PAYLOAD, statementBytes(statement)));

describe('training', () => {
  test('says what went in, by digest and role, and is read again', async () => {
    const bundle = await signed(statementAbout(model, PREDICATES.training, trainingPredicate(run)));
    const { statement, claims, signer } = await verifyAttestation(bundle, policy, model);
    expect(signer).toMatchObject({ name: 'builder' });
    expect(statement.subject.map(({ name }) => name)).toEqual(['m', 'a.bin', 'b.bin']);
    expect(readTraining(statement)?.inputs.map(({ role, resource }) => [role, resource.digest])).toEqual([
      ['base-model', sha('1')],
      ['dataset', sha('2')],
      ['container', sha('3')],
      ['lockfile', sha('4')],
      ['code', { gitCommit: 'ab'.repeat(20) }],
    ]);
    expect(claims.filter(({ basis }) => basis === 'proven').map(({ what }) => what)).toEqual(['signer', 'subject']);
    expect(claims.filter(({ basis }) => basis === 'declared').map(({ what }) => what)).toContain('predicate.buildDefinition');
  });

  test('an input without a digest is refused', () => {
    expect(TrainingRun.safeParse({ builder: { id: 'urn:x' }, datasets: [{ name: 'corpus' }] }).success).toBe(false);
  });

  test('provenance of another sort of build is no training', () => {
    const predicate = {
      buildDefinition: { buildType: 'https://other/v1', resolvedDependencies: [] },
      runDetails: { builder: { id: 'x' } },
    };
    expect(readTraining(statementAbout(model, PREDICATES.training, predicate))).toBeUndefined();
    expect(readTraining(statementAbout(model, PREDICATES.training, {}))).toBeUndefined();
  });
});

describe('test results', () => {
  test('the result follows from the lists', () => {
    expect(testResultPredicate(TestRun.parse({ passedTests: ['a'] }))).toMatchObject({ result: 'PASSED' });
    expect(testResultPredicate(TestRun.parse({ warnedTests: ['a'] }))).toMatchObject({ result: 'WARNED' });
    expect(testResultPredicate(TestRun.parse({ failedTests: ['a'], warnedTests: ['b'] }))).toMatchObject({ result: 'FAILED' });
  });
  test('a result that is better than its lists is noticed', () => {
    expect(contradictsItself(TestRun.parse({ result: 'PASSED', failedTests: ['a'] }))).toBe(true);
    expect(contradictsItself(TestRun.parse({ result: 'FAILED', passedTests: ['a'] }))).toBe(false);
  });
});

describe('gate decisions', () => {
  const result = {
    verifier: 'urn:cordon:registry',
    version: { cordon: '1' },
    decidedAt: '2026-11-01T10:00:00Z',
    resource: 'hf://a/b@v1',
    gate: 'promote',
    stage: 'production',
    policy: 'a'.repeat(64),
    evidence: ['b'.repeat(64)],
    expiresAt: '2026-12-01T00:00:00Z',
  };
  test('an allowed one has a summary and properties, a denied one only a summary', () => {
    expect(verificationSummary({ ...result, isAllowed: true })).toMatchObject({
      verificationResult: 'PASSED',
      inputAttestations: [{ digest: { sha256: 'b'.repeat(64) } }],
    });
    expect(verificationSummary({ ...result, isAllowed: false })).toMatchObject({ verificationResult: 'FAILED' });
    expect(verificationResult({ ...result, isAllowed: true })).toMatchObject({
      properties: ['CORDON_GATE_PROMOTE', 'CORDON_STAGE_PRODUCTION'],
    });
    expect(verificationResult({ ...result, isAllowed: false })).toBeUndefined();
  });
  test('they end when what they rest on ends', () => {
    const summary = { ...verificationSummary({ ...result, isAllowed: true }) };
    expect(isExpired(summary, new Date('2026-11-30T00:00:00Z'))).toBe(false);
    expect(isExpired(summary, new Date('2026-12-01T00:00:00Z'))).toBe(true);
    expect(isExpired({ expiresAt: 'never' }, new Date(0))).toBe(true);
    expect(isExpired({ expiresAt: 5 }, new Date(0))).toBe(true);
    expect(isExpired({}, new Date())).toBe(false);
  });
});

describe('verification', () => {
  test('about another model it is a mismatch', async () => {
    const other = { ...model, rootDigest: 'f'.repeat(64) };
    const bundle = await signed(statementAbout(other, 'https://example.com/p', {}));
    await expect(verifyAttestation(bundle, policy, model)).rejects.toMatchObject({ code: 'signature.mismatch' });
  });

  test('a file that is named with another digest is a mismatch', async () => {
    const statement = statementAbout(model, 'https://example.com/p', {});
    const subject = statement.subject.map((item) => (item.name === 'b.bin' ? { ...item, digest: sha('9') } : item));
    await expect(verifyAttestation(await signed({ ...statement, subject }), policy, model)).rejects.toMatchObject({
      code: 'signature.mismatch',
    });
  });

  test('whatever the payload is, it is read, refused as malformed, or a mismatch', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc
            .record({
              _type: fc.constant('https://in-toto.io/Statement/v1'),
              subject: fc.array(fc.record({ digest: fc.object() })),
              predicateType: fc.string(),
              predicate: fc.object(),
            })
            .map((value) => JSON.stringify(value)),
        ),
        async (payload) => {
          const bundle = Buffer.from(await seal(IN_TOTO_PAYLOAD, Buffer.from(payload)));
          const outcome = await verifyAttestation(bundle, policy, model).catch((error: unknown) => error);
          expect(outcome).toMatchObject({ code: expect.stringMatching(/^signature\.(malformed|mismatch)$/) as string });
        },
      ),
      { numRuns: 100 },
    );
  });

  test('the same statement gives the same bytes, and they are read again', () => {
    const statement = statementAbout(model, 'https://example.com/p', { b: 1, a: 2 });
    expect(readAttestation(statementBytes(statement))).toEqual(statement);
    expect(statementBytes({ ...statement, predicate: { a: 2, b: 1 } })).toEqual(statementBytes(statement));
  });
});
