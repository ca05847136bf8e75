import { afterEach, describe, expect, test } from 'vitest';
import { PREDICATES } from '../../../evidence/attestations/predicate-types.ts';
import { statementAbout, statementBytes } from '../../../evidence/attestations/statement.ts';
import { IN_TOTO_PAYLOAD, OMS_PREDICATE, statementOf } from '../../../evidence/oms/statement.ts';
import { keySeal } from '../../../evidence/signature/seal.ts';
import { generateKey, privateKeySigner } from '../../../vault/private-key.ts';
import type { Principal } from '../../../identity/permission.ts';
import { admit } from '../admit.ts';
import type { RegistryContext } from '../context.ts';
import { loadManifest } from '../manifest.ts';
import { promote } from '../promote.ts';
import { createRepository, type Repository } from '../repositories.ts';
import type { Revision } from '../revisions.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { seal } from '../versions.ts';
import { attest, attestFromFiles } from './attest.ts';
import { attestationsOf } from './attestations-of.ts';
import { type Attestor, attestorOf } from './attestor.ts';
import { announceKey, ownKeys } from './own-keys.ts';
import { signVersion } from './sign-version.ts';
import { omsManifest } from './views.ts';

const FILES = { 'config.json': '{}', 'weights.txt': 'w' };
const newSigner = () => privateKeySigner(generateKey('P-256', undefined).privatePem, undefined, 'test');

let registry: TestRegistry;
afterEach(() => registry.close());

interface Prepared {
  readonly context: RegistryContext;
  readonly ann: Principal;
  readonly repository: Repository;
  readonly revision: Revision;
}

async function prepared(
  attestor: Attestor = attestorOf(newSigner()),
  now: () => number = Date.now,
  config: object = {},
): Promise<Prepared> {
  registry = await testRegistry(config, { attestor, now });
  const { context } = registry;
  await announceKey(context.store, attestor);
  const ann = await registry.person('ann', 'approver', 'acme');
  const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  const revision = await registry.push(ann, repository, FILES);
  await admit(context, repository, revision.manifest);
  return { context, ann, repository, revision };
}

test('two signatures beside the files both count', async () => {
  const { context, ann, repository, revision } = await prepared();
  const manifest = omsManifest(await loadManifest(context.store.db, revision.manifest), 'bert');
  const [publisher, company] = [newSigner(), newSigner()];
  const bundleBy = (signer: typeof publisher) => keySeal(signer)(IN_TOTO_PAYLOAD, statementOf(manifest));
  const files = { ...FILES, 'model.sig': await bundleBy(publisher), 'company.sig': await bundleBy(company) };
  const signed = await registry.push(ann, repository, files);
  const keys = [publisher, company].map(({ publicKey }, index) => ({ publicKey, name: `key ${index}` }));
  const trusting = { ...context, trust: { keys } };
  await attestFromFiles(trusting, repository, signed.manifest);
  const found = await attestationsOf(trusting, repository, signed.manifest);
  expect(found.filter(({ isOwn }) => !isOwn).map(({ signer, problem }) => [signer !== undefined, problem])).toEqual([
    [true, ''],
    [true, ''],
  ]);
});

describe('what the registry signs', () => {
  test('a version is signed once for each key; a revoked key counts no more', async () => {
    const { context, ann, repository, revision } = await prepared();
    const version = await seal(context, ann, repository, revision);
    await signVersion(context, repository, version);
    const own = async () =>
      (await attestationsOf(context, repository, version.manifest)).filter(
        ({ isOwn, predicateType }) => isOwn && predicateType === OMS_PREDICATE,
      );
    expect(await own()).toHaveLength(1);
    const next = attestorOf(newSigner());
    await announceKey(context.store, next);
    await announceKey(context.store, next);
    await signVersion({ ...context, attestor: next }, repository, version);
    expect(await own()).toHaveLength(2);
    expect(await ownKeys(context)).toHaveLength(2);
    const { config } = context;
    const signing = { ...config.registry.signing, revoked: [next.fingerprint] };
    const strict = { ...context, config: { ...config, registry: { ...config.registry, signing } } };
    const kept = await attestationsOf(strict, repository, version.manifest);
    expect(kept.filter(({ isOwn }) => isOwn)).toHaveLength(1);
    expect(kept.filter(({ signer }) => signer === undefined).map(({ problem }) => problem)).toEqual([
      expect.stringContaining('no key is trusted'),
    ]);
  });

  test('what no gate admitted is sealed but not signed', async () => {
    const { context, ann, repository } = await prepared();
    // `os.system('id')`, never loaded.
    const bad = await registry.push(ann, repository, { 'model.pkl': Buffer.from("cos\nsystem\n(S'id'\ntR.") });
    expect((await admit(context, repository, bad.manifest)).state).toBe('quarantined');
    const version = await seal(context, ann, repository, bad);
    expect(await attestationsOf(context, repository, version.manifest)).toEqual([]);
  });

  test('a promotion is stated with an end, and counts no longer than that', async () => {
    let time = Date.parse('2026-01-01T00:00:00Z');
    const { context, ann, repository, revision } = await prepared(undefined, () => time);
    const version = await seal(context, ann, repository, revision);
    expect(await promote(context, ann, repository, version, 'staging')).toMatchObject({ isPromoted: true });
    const results = async () =>
      (await attestationsOf(context, repository, version.manifest)).filter(
        ({ predicateType }) => predicateType === PREDICATES.verificationResult,
      );
    expect(await results()).toMatchObject([{ isOwn: true, problem: '', predicate: { expiresAt: '2026-01-31T00:00:00.000Z' } }]);
    time += 31 * 86_400_000;
    expect(await results()).toMatchObject([{ signer: undefined, problem: 'it has expired' }]);
  });
});

describe('what others sign', () => {
  test('a signature stops counting when its key is not trusted any more, also for what was taken in before', async () => {
    const { context, ann, repository, revision } = await prepared();
    const signer = newSigner();
    const trusted = { ...context, trust: { keys: [{ publicKey: signer.publicKey, name: 'release' }] } };
    const manifest = omsManifest(await loadManifest(context.store.db, revision.manifest), 'bert');
    const bundle = Buffer.from(await keySeal(signer)(IN_TOTO_PAYLOAD, statementOf(manifest)));
    await expect(attest(context, ann, repository, revision.manifest, bundle)).rejects.toMatchObject({ code: 'signature.untrusted' });
    expect(await attestationsOf(context, repository, revision.manifest)).toEqual([]);
    await attest(trusted, ann, repository, revision.manifest, bundle);
    await attest(trusted, ann, repository, revision.manifest, bundle);
    expect(await attestationsOf(trusted, repository, revision.manifest)).toMatchObject([{ signer: { name: 'release' } }]);
    expect(await attestationsOf(context, repository, revision.manifest)).toMatchObject([{ signer: undefined }]);
  });

  test('several signatures beside the files: each covers what was there when it was made', async () => {
    const signers = [newSigner(), newSigner(), newSigner()];
    registry = await testRegistry();
    const trust = { keys: signers.map(({ publicKey }, index) => ({ publicKey, name: `key ${index}` })) };
    const context = { ...registry.context, trust };
    const ann = await registry.person('ann', 'approver', 'acme');
    const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'signed' });
    const before = await registry.push(ann, repository, FILES);
    const sign = async (index: number, manifest: string) => {
      const names = omsManifest(await loadManifest(context.store.db, manifest), 'signed');
      return keySeal(signers[index] as (typeof signers)[number])(IN_TOTO_PAYLOAD, statementOf(names));
    };
    // Two people sign the files; a third signs what the first of them left behind.
    const first = await registry.push(ann, repository, { 'a.sig': await sign(0, before.manifest) });
    const countersigned = await sign(2, first.manifest);
    const { manifest } = await registry.push(ann, repository, { 'b.sig': await sign(1, before.manifest), 'c.sig': countersigned });
    await admit(context, repository, manifest);
    await attestFromFiles(context, repository, manifest);
    const named = async (digest: string) =>
      (await attestationsOf(context, repository, digest)).map(({ signer, problem }) => [
        signer?.method === 'key' ? signer.name : '',
        problem,
      ]);
    expect((await named(manifest)).toSorted()).toEqual([
      ['key 0', ''],
      ['key 1', ''],
      ['key 2', ''],
    ]);
    // A file more than was signed is no signature that came later.
    const more = await registry.push(ann, repository, { 'more.txt': 'more' });
    await attestFromFiles(context, repository, more.manifest);
    expect((await named(more.manifest)).map(([signer]) => signer)).toEqual(['', '', '']);
    const plain = await registry.push(ann, repository, { 'd.sig': 'no bundle' }, { ref: 'refs/heads/main' });
    await attestFromFiles(context, repository, plain.manifest);
    expect((await named(plain.manifest)).map(([signer]) => signer)).toEqual(['', '', '']);
  });

  test('an attestation about other files, or by who may only read, is refused', async () => {
    const { context, repository, revision, ann } = await prepared();
    const signer = newSigner();
    const trusted = { ...context, trust: { keys: [{ publicKey: signer.publicKey, name: 'release' }] } };
    const entries = await loadManifest(context.store.db, revision.manifest);
    const said = async (manifest: ReturnType<typeof omsManifest>) =>
      Buffer.from(
        await keySeal(signer)(IN_TOTO_PAYLOAD, statementBytes(statementAbout(manifest, PREDICATES.testResult, { result: 'PASSED' }))),
      );
    const one = await said(omsManifest(entries.slice(1), 'bert'));
    await expect(attest(trusted, ann, repository, revision.manifest, one)).rejects.toMatchObject({ code: 'signature.mismatch' });
    const reader = await registry.person('rita', 'reader', 'acme');
    const good = await said(omsManifest(entries, 'bert'));
    await expect(attest(trusted, reader, repository, revision.manifest, good)).rejects.toMatchObject({ code: 'access.denied' });
  });
});
