import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServable } from './read-file.ts';
import { createRepository } from './repositories.ts';
import { type TestRegistry, testRegistry } from './testing.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.");

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry();
});
afterAll(() => registry.close());

test('who was refused what is in the ledger, once for all the files and tries of an hour', async () => {
  const { context } = registry;
  const ann = await registry.person('ann', 'contributor', 'acme');
  const rob = await registry.person('rob', 'reader', 'acme');
  const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  const revision = await registry.push(ann, repository, { 'model.pkl': MALICIOUS, 'config.json': '{}' });
  for (const path of ['model.pkl', 'config.json', 'model.pkl', 'none'])
    await expect(openServable(context, rob, repository, revision, path)).rejects.toMatchObject({ code: 'registry.blocked' });
  await expect(openServable(context, ann, repository, revision, 'config.json')).rejects.toMatchObject({ code: 'registry.blocked' });
  await context.denials.flush();
  const rows = await context.store.db.selectFrom('ledger').select('body').where('kind', '=', 'pull.denied').orderBy('position').execute();
  expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { by: 'rob', repository: 'acme/bert', manifest: revision.manifest, path: 'model.pkl', reason: expect.stringContaining('os.system') },
    { by: 'ann', repository: 'acme/bert' },
  ]);
});
