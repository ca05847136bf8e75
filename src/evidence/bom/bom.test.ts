import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, Json } from '../../core/artifact.ts';
import type { Finding } from '../../core/finding.ts';
import type { Report } from '../../core/report.ts';
import { PREDICATES } from '../attestations/predicate-types.ts';
import { statementAbout } from '../attestations/statement.ts';
import { trainingPredicate, TrainingRun } from '../attestations/training.ts';
import type { VerifiedAttestation } from '../attestations/verify-attestation.ts';
import type { Manifest } from '../oms/manifest.ts';
import { type BillSources, collectBill } from './collect.ts';
import { CYCLONEDX_VERSIONS, cyclonedxBill } from './cyclonedx.ts';
import { spdxBill } from './spdx.ts';
import { spdxFlaws } from '../../../test/makers/spdx-shape.ts';

const schemas = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
const schema = (name: string): object => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;

/** The strict schemas that the CycloneDX library ships. */
function validator(version: string) {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  for (const format of ['idn-email', 'iri-reference']) ajv.addFormat(format, true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(schema(`bom-${version}`));
}
const validators = CYCLONEDX_VERSIONS.map((version) => [version, validator(version)] as const);

const manifest: Manifest = {
  name: 'model',
  rootDigest: 'a'.repeat(64),
  serialization: { method: 'files', hashType: 'sha256', allowSymlinks: false, ignorePaths: [] },
  resources: [{ path: 'model.safetensors', digest: 'b'.repeat(64) }],
};

function reportOf(
  files: Readonly<Record<string, readonly (readonly [name: string, value: Json, basis?: Fact['basis']])[]>>,
  findings: Finding[] = [],
): Report {
  return {
    schema: 'cordon/report/1',
    verdict: 'clean',
    completeness: 'complete',
    gate: { name: 'ci', effect: 'allow', reasons: [], engine: 'cel', policy: 'p', subject: 's', evidence: [] },
    artifacts: Object.entries(files).map(([path, facts]) => ({
      path,
      sha256: 'b'.repeat(64),
      size: 10,
      format: path.split('.').at(-1) ?? '',
      verdict: 'clean',
      completeness: 'complete',
      reasons: [],
      findings: [],
      facts: facts.map(([name, value, basis = 'declared']) => ({ name, value: value as Fact['value'], basis })),
    })),
    findings,
    plugins: [],
    waivers: [],
    stats: { files: 1, bytes: 10, members: 0, findings: {}, suppressed: 0, cut: 0 },
    tool: { name: 'cordon', version: '1.2.3', rules: 'c'.repeat(64) },
  };
}

const run = TrainingRun.parse({
  builder: { id: 'https://ci.example' },
  finishedOn: '2026-11-01T10:00:00Z',
  baseModels: [{ uri: 'pkg:huggingface/org/base@abc', digest: { sha256: '1'.repeat(64) } }],
  datasets: [{ name: 'corpus', digest: { sha256: '2'.repeat(64) } }],
  container: { uri: 'oci://t', digest: { sha256: '3'.repeat(64) } },
  hyperparameters: { lr: 0.1, optimiser: 'adam' },
  metrics: { accuracy: 0.9 },
});
const attestation: VerifiedAttestation = {
  signer: { method: 'key', fingerprint: 'f', name: 'builder' },
  time: { basis: 'clock', at: null },
  statement: statementAbout(manifest, PREDICATES.training, trainingPredicate(run)),
  claims: [],
};
const CVE: Finding = {
  id: '1',
  rule: 'keras.lambda',
  severity: 'high',
  message: 'runs code',
  location: { path: 'model.safetensors' },
  key: 'k',
  fingerprint: 'fp1',
  contentFingerprint: 'fp2',
  evidence: {},
  fix: 'update Keras',
  maps: ['CWE-502', 'CVE-2025-1550'],
};
const tensors = (parameters: number, dtypes: Json = { F16: parameters }) =>
  ['tensors', { count: 2, parameters, dtypes }, 'measured'] as const;
const full: BillSources = {
  manifest,
  report: reportOf(
    {
      'model.safetensors': [tensors(7_000_000_000)],
      'README.md': [
        ['licence', ['apache-2.0']],
        ['model.base', ['org/base']],
        ['datasets', ['corpus', 'web']],
        ['languages', ['en']],
        ['model.task', 'text-generation'],
      ],
      'config.json': [
        ['model.type', 'llama'],
        ['architecture', ['LlamaForCausalLM']],
        ['model.dtype', 'float16'],
      ],
    },
    [CVE],
  ),
  attestations: [attestation],
  name: 'Llama-7B',
  version: '1',
  supplier: 'Org',
  downloadLocation: 'https://models.example/m',
};

describe('bills are valid', () => {
  test.each(validators)('CycloneDX %s, by its own strict schema', (version, validate) => {
    for (const sources of [full, { manifest, report: reportOf({}) }]) {
      validate(JSON.parse(cyclonedxBill(collectBill(sources), version)));
      expect(validate.errors).toBeNull();
      validate(JSON.parse(cyclonedxBill(collectBill(sources), version, '2026-11-21T00:00:00Z')));
      expect(validate.errors).toBeNull();
    }
  });

  test('SPDX 3.0, by the shapes of the model', () => {
    for (const sources of [full, { manifest, report: reportOf({}) }])
      expect(spdxFlaws(spdxBill(collectBill(sources), '2026-11-21T00:00:00Z'))).toEqual([]);
  });

  test('whatever a model says of itself', () => {
    const names = fc.constantFrom(
      'licence',
      'architecture',
      'model.type',
      'model.base',
      'datasets',
      'languages',
      'model.task',
      'model.dtype',
      'model.title',
      'tensors',
      'model.author',
    );
    const value = fc.oneof(
      fc.string(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.integer(),
      fc.constant(null),
      fc.dictionary(fc.string(), fc.integer()),
    );
    const facts = fc.array(fc.tuple(names, value, fc.constantFrom('measured' as const, 'declared' as const)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), facts), { maxLength: 3 }), fc.string({ minLength: 1 }), (files, name) => {
        const bill = collectBill({ manifest, report: reportOf(Object.fromEntries(files) as never), name });
        for (const [version, validate] of validators) {
          validate(JSON.parse(cyclonedxBill(bill, version)));
          expect(validate.errors).toBeNull();
        }
        expect(spdxFlaws(spdxBill(bill, '2026-11-21T00:00:00Z'))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what they say', () => {
  const bom = JSON.parse(cyclonedxBill(collectBill(full), '1.6'));
  const properties: Record<string, string> = Object.fromEntries(
    bom.metadata.component.properties.map(({ name, value }: Record<string, string>) => [name, value]),
  );

  test('every field says how it is known', () => {
    expect(properties).toMatchObject({
      'cordon:basis:parameters': 'measured',
      'cordon:source:parameters': 'model.safetensors',
      'cordon:basis:architecture': 'declared',
      'cordon:source:architecture': 'config.json',
      'cordon:basis:hyperparameters': 'attested',
      'cordon:basis:licenses.0': 'declared',
    });
    const fields = Object.keys(properties).filter((name) => /^cordon:(?!basis:|source:|language$)/.test(name));
    expect(fields.filter((name) => !(name.replace('cordon:', 'cordon:basis:') in properties))).toEqual([]);
    for (const component of bom.components)
      expect(component.properties.map(({ name }: { name: string }) => name)).toContain('cordon:basis');
  });

  test('a data set that is attested and declared stands there once, as attested', () => {
    const data = bom.components.filter(({ type }: { type: string }) => type === 'data');
    expect(data.map((item: { name: string; properties: { value: string }[] }) => [item.name, item.properties[1]?.value])).toEqual([
      ['corpus', 'attested'],
      ['web', 'declared'],
    ]);
  });

  test('published vulnerabilities have a VEX entry; a waiver changes the response', () => {
    expect(bom.vulnerabilities).toMatchObject([{ id: 'CVE-2025-1550', analysis: { state: 'exploitable', response: ['update'] } }]);
    const suppressed = { waiver: 'w', reason: 'offline only', owner: 'sec', expires: '2027-01-01', kind: 'external' } as const;
    const waived = collectBill({ manifest, report: reportOf({}, [{ ...CVE, suppressed }]) });
    const [entry] = JSON.parse(cyclonedxBill(waived, '1.6')).vulnerabilities;
    expect(entry.analysis).toEqual({
      state: 'exploitable',
      response: ['will_not_fix'],
      detail: 'waived: w by sec until 2027-01-01: offline only',
    });
  });

  test('the same bill gives the same bytes', () => {
    expect(cyclonedxBill(collectBill(full), '1.7')).toBe(cyclonedxBill(collectBill(full), '1.7'));
  });
});

describe('contradictions', () => {
  const rules = (files: Parameters<typeof reportOf>[0], more: Partial<BillSources> = {}) =>
    collectBill({ manifest, report: reportOf(files), ...more }).contradictions.map(({ rule }) => rule);
  const weights = (parameters: number, dtypes?: Json) => ({ 'model.safetensors': [tensors(parameters, dtypes)] });

  test.each<readonly [string, number, Json | undefined, boolean]>([
    ['Llama-7B', 205, undefined, true],
    ['Llama-7B', 6_700_000_000, undefined, false],
    ['Llama-3.1-8b-instruct', 8_030_000_000, undefined, false],
    ['bert-350M', 350_000_000, undefined, false],
    ['bert-350M', 7_000_000_000, undefined, true],
    ['Mixtral-8x7B', 46_700_000_000, undefined, false],
    ['model-v7b2', 205, undefined, false],
    ['Llama-7B-GPTQ', 1_000_000_000, { I32: 900_000_000, F16: 100_000_000 }, false],
  ])('%s with %i parameters', (name, parameters, dtypes, expected) => {
    expect(rules(weights(parameters, dtypes), { name })).toEqual(expected ? ['bom.parameter-count'] : []);
  });

  test.each<readonly [string, Parameters<typeof reportOf>[0], readonly string[]]>([
    ['dtype', { ...weights(5), 'config.json': [['model.dtype', 'bfloat16']] }, ['bom.dtype']],
    ['the same dtype', { ...weights(5), 'config.json': [['model.dtype', 'torch.float16']] }, []],
    ['a quantised dtype', { ...weights(5, { U8: 5 }), 'config.json': [['model.dtype', 'bfloat16']] }, []],
    ['architecture', { 'a.gguf': [['architecture', 'qwen2']], 'config.json': [['model.type', 'llama']] }, ['bom.architecture']],
    ['a variant of an architecture', { 'a.gguf': [['architecture', 'qwen2moe']], 'config.json': [['model.type', 'qwen2_moe']] }, []],
    ['licence', { 'README.md': [['licence', ['mit']]], 'a.gguf': [['licence', 'llama3']] }, ['bom.licence']],
    ['licences with one in common', { 'README.md': [['licence', ['mit', 'apache-2.0']]], 'a.gguf': [['licence', 'MIT']] }, []],
    ['base model', { 'README.md': [['model.base', ['a/b']]], 'adapter_config.json': [['model.base', ['c/d']]] }, ['bom.base-model']],
    [
      'a base model in a local folder',
      { 'README.md': [['model.base', ['a/b']]], 'adapter_config.json': [['model.base', ['/data/b']]] },
      [],
    ],
    [
      'the same licence in words',
      { 'README.md': [['licence', ['apache-2.0']]], 'a.gguf': [['licence', 'Apache License, Version 2.0']] },
      [],
    ],
    ['models of a pipeline in folders', { 'te/config.json': [['model.type', 'clip']], 'te2/config.json': [['model.type', 't5']] }, []],
    [
      'types of a pipeline in folders',
      {
        'unet/a.safetensors': [tensors(50)],
        'vae/b.safetensors': [tensors(5, { F32: 5 })],
        'vae/config.json': [['model.dtype', 'float32']],
      },
      [],
    ],
  ])('%s', (_name, files, expected) => {
    expect(rules(files)).toEqual(expected);
  });

  test('quantisations of one model do not add up, shards do, an adapter is not its base', () => {
    const quantised = Object.fromEntries(['Q4_0', 'Q5_0', 'Q8_0'].map((kind) => [`m.${kind}.gguf`, [tensors(7_000_000_000)]] as const));
    expect(rules(quantised, { name: 'Llama-7B' })).toEqual([]);
    const shards = Object.fromEntries([1, 2].map((n) => [`m-0000${n}-of-00002.safetensors`, [tensors(3_500_000_000)]] as const));
    expect(rules(shards, { name: 'Llama-7B' })).toEqual([]);
    expect(rules({ ...shards, 'x-00001-of-00001.safetensors': [tensors(5)] }, { name: 'Llama-1B' })).toEqual(['bom.parameter-count']);
    const adapter = { 'adapter_config.json': [['model.type', 'LORA']], 'adapter_model.safetensors': [tensors(4_000_000)] } as const;
    expect(rules(adapter, { name: 'Llama-7B-lora' })).toEqual([]);
  });

  test('what a builder signs beats what the card says', () => {
    expect(
      rules(
        {
          'README.md': [
            ['model.base', ['other/base']],
            ['datasets', ['web']],
          ],
        },
        { attestations: [attestation] },
      ),
    ).toEqual(['bom.base-model', 'bom.dataset']);
    expect(
      rules(
        {
          'README.md': [
            ['model.base', ['org/base']],
            ['datasets', ['corpus']],
          ],
        },
        { attestations: [attestation] },
      ),
    ).toEqual([]);
  });
});
