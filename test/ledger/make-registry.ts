import { createHash } from 'node:crypto';
import { admit } from '../../src/engine/registry/admit.ts';
import { approve, revokeApproval } from '../../src/engine/registry/approve.ts';
import { promote } from '../../src/engine/registry/promote.ts';
import { createRepository, type Repository } from '../../src/engine/registry/repositories.ts';
import { type TestRegistry, testRegistry } from '../../src/engine/registry/testing.ts';
import { seal } from '../../src/engine/registry/versions.ts';
import { approveWaiver, requestWaiver, revokeWaiver } from '../../src/engine/registry/waivers/waive.ts';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { openIdentity } from '../../src/identity/identity.ts';
import { compilePrincipal, type Principal } from '../../src/identity/permission.ts';
import { compileRoles } from '../../src/identity/permissions/roles.ts';
import { insertPrincipal } from '../../src/identity/principals/manage.ts';
import { grantRole, insertBinding, revokeRole } from '../../src/identity/principals/roles.ts';
import { createToken, revokeToken, rotateToken } from '../../src/identity/tokens/manage.ts';

/** A registry in which something of everything was done by the acts themselves, so that its ledger tells all of it. */
export async function makeRegistry(models: number): Promise<TestRegistry> {
  const stages = [{ name: 'staging' }, { name: 'production', requires: { approvals: { count: 1, notAuthor: true } } }];
  const registry = await testRegistry({ registry: { stages } });
  const { context } = registry;
  const identity = openIdentity({
    store: context.store,
    record: (tx, { at, ...entry }) => appendEntry(tx, { ...entry, body: entry.body as never, at }),
  });

  async function person(name: string, role: string): Promise<Principal> {
    const row = await context.store.transaction(async (tx) => {
      const made = await insertPrincipal(identity, tx, 'first start', { name, kind: 'user' });
      await insertBinding(identity, tx, 'first start', { holder: `principal:${made.id}`, role, on: '*' });
      return made;
    });
    const credential = { kind: 'session', id: null, scopes: {}, expiresAt: null } as const;
    return compilePrincipal({ id: row.id, name, kind: 'user', groups: [], credential, grants: [{ role, object: '*' }] }, compileRoles());
  }

  const [ann, bob] = [await person('ann', 'admin'), await person('bob', 'approver')];
  const token = (name: string, expiresAt?: number) =>
    createToken(identity, ann, { principal: ann.id, name, ...(expiresAt !== undefined && { expiresAt }) });
  await token('laptop');
  await revokeToken(identity, ann, (await token('lost')).token.id);
  await rotateToken(identity, ann, (await token('server', Date.now() + 86_400_000)).token.id, { overlapMs: 60_000 });
  const binding = { holder: 'group:science', role: 'contributor', on: 'acme' };
  await grantRole(identity, ann, binding);
  await grantRole(identity, ann, { ...binding, role: 'reader' });
  await revokeRole(identity, ann, { ...binding, role: 'reader' });
  for (let number = 0; number < models; number++) await fill(registry, ann, bob, number);
  await identity.close();
  return registry;
}

async function fill(registry: TestRegistry, ann: Principal, bob: Principal, number: number): Promise<void> {
  const { context } = registry;
  const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: `model-${number}` });
  for (let round = 0; round < 2; round++) {
    const digest = createHash('sha256').update(`${number} ${round}`).digest();
    const files = {
      'config.json': JSON.stringify({ number, round }),
      'weights.txt': digest.toString('hex'),
      [`part-${round}.txt`]: 'the same',
    };
    const revision = await registry.push(ann, repository, files);
    await admit(context, repository, revision.manifest);
    const version = await seal(context, ann, repository, revision);
    await promote(context, ann, repository, version, 'staging');
    await promote(context, ann, repository, version, 'production');
    await revokeApproval(
      context,
      bob,
      repository,
      await approve(context, bob, repository, version, { stage: 'production', comment: 'no' }),
    );
    await approve(context, bob, repository, version, { stage: 'production', comment: 'looks good' });
    await promote(context, ann, repository, version, 'production');
  }
  await waive(registry, ann, bob, repository);
}

async function waive({ context }: TestRegistry, ann: Principal, bob: Principal, repository: Repository): Promise<void> {
  const ask = () =>
    requestWaiver(context, ann, repository, { rule: 'name.extension', reason: 'reviewed by hand', expiresAt: Date.now() + 86_400_000 });
  await ask();
  const approved = await ask();
  await approveWaiver(context, bob, repository, approved);
  await revokeWaiver(context, bob, repository, approved);
}
