import { afterEach, describe, expect, test } from 'vitest';
import { call, op, pickle, stackGlobal, system, text } from '../../../../test/pickle-assembler.ts';
import { bytes } from '../../../../test/pickle-assembler.ts';
import { stateDictPickle } from '../../../../test/convert/state-dict-pickle.ts';
import { storedZip } from '../../../../test/makers/stored-zip.ts';
import { PREDICATES } from '../../../evidence/attestations/predicate-types.ts';
import type { Principal } from '../../../identity/permission.ts';
import { generateKey, privateKeySigner } from '../../../vault/private-key.ts';
import { admissionOf, admit } from '../admit.ts';
import { attestorOf } from '../evidence/attestor.ts';
import { announceKey } from '../evidence/own-keys.ts';
import { attestationsOf } from '../evidence/attestations-of.ts';
import { listFiles } from '../list-files.ts';
import { noticesOf } from '../notices.ts';
import { openServable } from '../read-file.ts';
import { createRepository, type Repository } from '../repositories.ts';
import { resolveRevision, type Revision } from '../revisions.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { revisionToServe } from './await-conversion.ts';
import { conversionOf } from './conversions.ts';
import { convertRevision } from './convert-revision.ts';

const NO_PICKLE = {
  gates: {
    formats: {
      deny: [
        { id: 'pickle', when: 'artifacts.exists(a, "pickle.imports" in a.measured)', message: 'pickled weights are not served' },
        { id: 'code', when: 'findings.exists(f, f.rank >= 3)', message: 'code was found' },
      ],
    },
  },
};
const TENSOR = { type: 'FloatStorage', elements: 2, offset: 0, size: [2], stride: [1] };
const plain = stateDictPickle({ w: TENSOR });
const torch = (pickled: Uint8Array): Uint8Array =>
  storedZip({ 'm/data.pkl': pickled, 'm/byteorder': 'little', 'm/data/0': new Uint8Array(8).fill(7), 'm/version': '3\n' });
const checkpoint = torch(plain);
const entry = (key: string, value: Uint8Array): Uint8Array => bytes(text(key), value, op.setItem);
const malicious = torch(pickle(plain.subarray(2, -1), entry('x', call(system, text('true')))));
const unusual = torch(pickle(plain.subarray(2, -1), entry('args', call(stackGlobal('acme.training', 'Arguments'), text('x')))));

let registry: TestRegistry;
afterEach(() => registry.close());

interface Prepared {
  readonly ann: Principal;
  readonly repository: Repository;
  readonly revision: Revision;
}

async function prepared(
  files: Readonly<Record<string, string | Uint8Array>>,
  convert: object | string,
  gate = 'formats',
): Promise<Prepared> {
  const attestor = attestorOf(privateKeySigner(generateKey('P-256', undefined).privatePem, undefined, 'test'));
  registry = await testRegistry({ ...NO_PICKLE, registry: { convert, ingest: { gate } } }, { attestor });
  const { context } = registry;
  await announceKey(context.store, attestor);
  const ann = await registry.person('ann', 'approver', 'acme');
  const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  const revision = await registry.push(ann, repository, { 'config.json': '{"model_type": "bert"}', ...files });
  await admit(context, repository, revision.manifest);
  return { ann, repository, revision };
}

async function pathsOf({ repository }: Prepared): Promise<string[]> {
  const { context } = registry;
  return (await listFiles(context, (await resolveRevision(context, repository, 'main')).manifest)).map(({ path }) => path);
}

describe('a checkpoint that the gate refuses for its format', () => {
  test('is served as safetensors, with provenance, lineage and a notice; the original is not served', async () => {
    const given = await prepared({ 'pytorch_model.bin': checkpoint }, 'all');
    const { context } = registry;
    const { ann, repository, revision } = given;
    expect(await conversionOf(context.store.db, repository, revision.manifest)).toMatchObject({ state: 'waiting' });
    const made = await convertRevision(context, repository, revision.manifest);
    expect(made).toMatchObject({ state: 'converted' });
    expect(await pathsOf(given)).toEqual(['config.json', 'model.safetensors']);
    const served = await resolveRevision(context, repository, 'main');
    const file = await openServable(context, ann, repository, served, 'model.safetensors');
    expect(file.size).toBeGreaterThan(8);
    await expect(openServable(context, ann, repository, revision, 'pytorch_model.bin')).rejects.toMatchObject({ code: 'registry.blocked' });
    expect(await revisionToServe(context, repository, revision, 1_000)).toMatchObject({ id: served.id });
    const notices = await noticesOf(context, await admissionOf(context, repository, served.manifest));
    expect(notices.join()).toContain('converted pytorch_model.bin to model.safetensors');
    const statement = (await attestationsOf(context, repository, served.manifest)).find(
      ({ predicateType }) => predicateType === PREDICATES.training,
    );
    const original = (await listFiles(context, revision.manifest)).find(({ path }) => path === 'pytorch_model.bin')?.sha256;
    expect(JSON.stringify(statement?.predicate)).toContain(original);
    expect(JSON.stringify(statement?.predicate)).toContain(file.sha256);
    const edges = await context.store.db.selectFrom('lineage').selectAll().where('descendant', '=', served.manifest).execute();
    expect(edges).toMatchObject([{ ancestor: revision.manifest, relation: 'conversion', basis: 'measured' }]);
    const kinds = await context.store.db.selectFrom('ledger').select('kind').execute();
    expect(kinds.map(({ kind }) => kind)).toContain('revision.converted');
  });

  test('in shards: the index names the new ones', async () => {
    const index = {
      metadata: { total_size: 16 },
      weight_map: { w: 'pytorch_model-00001-of-00002.bin', b: 'pytorch_model-00002-of-00002.bin' },
    };
    const other = torch(stateDictPickle({ b: TENSOR }));
    const given = await prepared(
      {
        'pytorch_model-00001-of-00002.bin': checkpoint,
        'pytorch_model-00002-of-00002.bin': other,
        'pytorch_model.bin.index.json': JSON.stringify(index),
        'training_args.bin': torch(pickle(stackGlobal('acme.training', 'Arguments'))),
      },
      'all',
    );
    expect(await convertRevision(registry.context, given.repository, given.revision.manifest)).toMatchObject({ state: 'converted' });
    expect(await pathsOf(given)).toEqual([
      'config.json',
      'model-00001-of-00002.safetensors',
      'model-00002-of-00002.safetensors',
      'model.safetensors.index.json',
    ]);
  });

  test('beside its safetensors is only left out', async () => {
    const given = await prepared({ 'pytorch_model.bin': checkpoint, 'model.safetensors': safetensors() }, 'all');
    expect(await convertRevision(registry.context, given.repository, given.revision.manifest)).toMatchObject({ state: 'converted' });
    expect(await pathsOf(given)).toEqual(['config.json', 'model.safetensors']);
  });

  test('with objects that are no tensors: those are left out, and named', async () => {
    const given = await prepared({ 'model.pt': unusual }, 'all');
    const made = await convertRevision(registry.context, given.repository, given.revision.manifest);
    expect(made).toMatchObject({ state: 'converted' });
    expect(JSON.parse(made?.body ?? '')).toMatchObject({ files: [{ from: 'model.pt', to: 'model.safetensors', leftOut: ['args'] }] });
  });
});

describe('what is not converted', () => {
  test('a checkpoint with code in it, unless somebody decided otherwise', async () => {
    const given = await prepared({ 'pytorch_model.bin': malicious }, 'all');
    const refused = await convertRevision(registry.context, given.repository, given.revision.manifest);
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining('pickle.') });
    expect(await pathsOf(given)).toEqual(['config.json', 'pytorch_model.bin']);
  });

  test('with that decision its tensors are read and nothing else', async () => {
    const given = await prepared({ 'pytorch_model.bin': malicious }, { of: 'all', malicious: true }, 'ci');
    expect(await convertRevision(registry.context, given.repository, given.revision.manifest)).toMatchObject({ state: 'converted' });
    expect(await pathsOf(given)).toEqual(['config.json', 'model.safetensors']);
  });

  test('what is refused for another reason too', async () => {
    const given = await prepared({ 'pytorch_model.bin': checkpoint, 'other.pkl': pickle(call(system, text('true'))) }, 'all');
    const refused = await convertRevision(registry.context, given.repository, given.revision.manifest);
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining('refused still') });
  });

  test('whole models, with the reason', async () => {
    const given = await prepared({ 'model.pt': torch(pickle(call(stackGlobal('acme.nets', 'Net'), text('x')))) }, 'all');
    const refused = await convertRevision(registry.context, given.repository, given.revision.manifest);
    expect(refused).toMatchObject({ state: 'refused', reason: expect.stringContaining('acme.nets.Net') });
  });

  test('uploads, where only mirrors are; and nothing while it is off', async () => {
    const given = await prepared({ 'pytorch_model.bin': checkpoint }, 'mirror');
    expect(await conversionOf(registry.context.store.db, given.repository, given.revision.manifest)).toBeUndefined();
    expect(await convertRevision(registry.context, given.repository, given.revision.manifest)).toBeUndefined();
  });
});

test('a branch that went on meanwhile is not moved', async () => {
  const given = await prepared({ 'pytorch_model.bin': checkpoint }, 'all');
  const next = await registry.push(given.ann, given.repository, { 'README.md': '# new' });
  await convertRevision(registry.context, given.repository, given.revision.manifest);
  expect(await resolveRevision(registry.context, given.repository, 'main')).toMatchObject({ id: next.id });
});

function safetensors(): Uint8Array {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }).padEnd(64));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(8, 7)]);
}
