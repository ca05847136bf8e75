import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { admissionOf, admit } from './admit.ts';
import type { RegistryContext } from './context.ts';
import { listFiles } from './list-files.ts';
import type { ManifestEntry } from './manifest.ts';
import { notesOf, noteKey } from './model-notes.ts';
import { type NewVersion, registerVersion } from './register-version.ts';
import { createRepository, type Repository } from './repositories.ts';
import { resolveRevision } from './revisions.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { upload } from './upload.ts';
import { listVersions } from './versions.ts';

let registry: TestRegistry;
let context: RegistryContext;
let ann: Principal;
let repository: Repository;

beforeEach(async () => {
  registry = await testRegistry();
  ({ context } = registry);
  ann = await registry.person('ann', 'contributor', 'mlflow');
  repository = await createRepository(context, ann, { kind: 'model', namespace: 'mlflow', name: 'forecast' });
});
afterEach(() => registry.close());

async function file(path: string, content: string): Promise<ManifestEntry> {
  const bytes = Buffer.from(content);
  const { sha256 } = await upload(
    context,
    ann,
    repository,
    (async function* () {
      yield bytes;
    })(),
    {},
  );
  return { path, sha256, size: bytes.length };
}

async function registration(content: string): Promise<NewVersion> {
  return {
    files: [await file('MLmodel', content)],
    title: 'Register',
    note: { description: content, source: 'runs:/1/model', runId: '1', runLink: '', modelId: '' },
    tags: [{ key: 'team', value: 'ml' }],
  };
}

test('is all there: files, number, notes and tags', async () => {
  const version = await registerVersion(context, ann, repository, await registration('one'));
  await admit(context, repository, version.manifest);
  expect(version.number).toBe(1);
  const head = await resolveRevision(context, repository, 'main');
  expect((await listFiles(context, head.manifest)).map(({ path }) => path)).toEqual(['MLmodel']);
  expect((await notesOf(context, [repository.id])).get(noteKey(repository.id, 1))).toMatchObject({
    description: 'one',
    tags: [{ key: 'team', value: 'ml' }],
  });
});

test.each(['revision', 'admission', 'version', 'model_note', 'model_tag'] as const)(
  'or nothing is, when it breaks off while writing %s; the next one takes the same number',
  async (table) => {
    const first = await registerVersion(context, ann, repository, await registration('one'));
    const before = await context.store.db.selectFrom('ledger').select('position').execute();
    const wanted = await registration('two');
    await sql.raw(`create trigger killed before insert on ${table} begin select raise(abort, 'killed'); end`).execute(context.store.db);
    await expect(registerVersion(context, ann, repository, wanted)).rejects.toThrow();
    await sql.raw('drop trigger killed').execute(context.store.db);
    expect((await listVersions(context, repository)).map(({ number }) => number)).toEqual([1]);
    expect(await resolveRevision(context, repository, 'main')).toMatchObject({ id: first.revision });
    expect(await context.store.db.selectFrom('ref').select('name').where('name', '=', 'refs/tags/v2').execute()).toEqual([]);
    const after = await context.store.db.selectFrom('ledger').select('kind').orderBy('position').execute();
    expect(after.slice(before.length).filter(({ kind }) => !kind.startsWith('gate.'))).toEqual([]);
    const second = await registerVersion(context, ann, repository, wanted);
    expect(second.number).toBe(2);
    expect(await admit(context, repository, second.manifest)).toMatchObject({ state: 'admitted' });
    expect(await admissionOf(context, repository, second.manifest)).toBeDefined();
  },
);

test('many at once are one after the other, each with what it brought', async () => {
  const wanted = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => registration(name)));
  const made = await Promise.all(wanted.map((one) => registerVersion(context, ann, repository, one)));
  expect(made.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const [index, version] of made.entries()) {
    expect((await listFiles(context, version.manifest)).map(({ sha256 }) => sha256)).toEqual(
      wanted[index]?.files.map(({ sha256 }) => sha256),
    );
  }
});
