import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, pickle, stackGlobal, text } from '../../../../test/pickle-assembler.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { FileDraft } from '../../drafts.ts';
import { admissionOf, admit } from '../admit.ts';
import type { RegistryContext } from '../context.ts';
import { createRepository, type Repository } from '../repositories.ts';
import { retro, retroIfChanged } from '../retro.ts';
import type { Revision } from '../revisions.ts';
import { securityOf } from '../security-status.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { rescanProgress } from './progress.ts';
import { rescanStored } from './rescan-stored.ts';
import { startRescan } from './start-rescan.ts';

const DANGEROUS = pickle(call(stackGlobal('posix', 'system'), text('true')));

let registry: TestRegistry;
let context: RegistryContext;
let ann: Principal;
let repository: Repository;
let revision: Revision;

beforeEach(async () => {
  registry = await testRegistry({ registry: { maintenance: { rescanShare: 1 } } });
  ({ context } = registry);
  ann = await registry.person('ann', 'approver', 'acme');
  repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  revision = await registry.push(ann, repository, { 'config.json': '{}', 'model.pkl': DANGEROUS });
  await admit(context, repository, revision.manifest);
});
afterEach(() => registry.close());

/** As an older Cordon left it: other scanners, which let everything pass. */
async function upgraded(facts = true): Promise<void> {
  const rows = await context.store.db.selectFrom('assessment').selectAll().execute();
  for (const row of rows) {
    const body = JSON.parse(row.body) as FileDraft;
    const artifact = body.artifact === undefined ? undefined : { ...body.artifact, ...(facts ? {} : { facts: [] }) };
    await context.store.db
      .updateTable('assessment')
      .set({ rules: 'older', body: JSON.stringify({ ...body, findings: [], ...(artifact !== undefined && { artifact }) }) })
      .where('sha256', '=', row.sha256)
      .where('path', '=', row.path)
      .execute();
  }
  await context.store.db.updateTable('admission').set({ state: 'admitted', reason: '' }).execute();
}

const state = async (): Promise<string | undefined> => (await admissionOf(context, repository, revision.manifest))?.state;

test('what the facts of older scanners tell under the rules of today is acted upon at once', async () => {
  await upgraded();
  expect(await securityOf(context, [{ path: 'model.pkl', sha256: await digestOf('model.pkl') }])).toMatchObject(
    new Map([['model.pkl', { imports: ['posix.system'] }]]),
  );
  expect(await retro(context)).toMatchObject({ decided: 1, outdated: 1, changed: [{ before: 'admitted', after: 'quarantined' }] });
  expect(await state()).toBe('quarantined');
});

test('what needs the bytes is read again by itself, and decided', async () => {
  await upgraded(false);
  expect(await retroIfChanged(context)).toMatchObject({ outdated: 1, changed: [] });
  expect(await state()).toBe('admitted');
  expect(await rescanProgress(context)).toMatchObject({ decided: 1, outdated: { manifests: 1, files: 2 }, state: 'none' });
  const rescan = startRescan(context);
  await expect.poll(() => state(), { timeout: 20_000 }).toBe('quarantined');
  await expect.poll(async () => (await rescanProgress(context)).state, { timeout: 20_000 }).toBe('done');
  await rescan.close();
  expect(await rescanProgress(context)).toMatchObject({ outdated: { manifests: 0, files: 0, bytes: 0 }, problem: '' });
  const ledger = await context.store.db.selectFrom('ledger').select('kind').where('kind', '=', 'rescan.finished').execute();
  expect(ledger).toHaveLength(1);
});

test('it goes on where it was broken off, and takes older assessments away after a while', async () => {
  await upgraded(false);
  const other = await registry.push(ann, repository, { 'README.md': '# other' });
  await admit(context, repository, other.manifest);
  const stopped = new AbortController();
  stopped.abort();
  expect(await rescanStored(context, stopped.signal)).toEqual({ rescanned: 0, failed: 0 });
  await context.store.db.updateTable('assessment').set({ created_at: 1 }).where('rules', '=', 'older').execute();
  expect(await rescanStored(context, new AbortController().signal)).toMatchObject({ rescanned: 1, failed: 0 });
  expect(await context.store.db.selectFrom('assessment').select('path').where('rules', '=', 'older').execute()).toEqual([]);
  expect(await rescanStored(context, new AbortController().signal)).toMatchObject({ rescanned: 0 });
});

async function digestOf(path: string): Promise<string> {
  const { sha256 } = await context.store.db
    .selectFrom('manifest_entry')
    .select('sha256')
    .where('manifest', '=', revision.manifest)
    .where('path', '=', path)
    .executeTakeFirstOrThrow();
  return sha256;
}
