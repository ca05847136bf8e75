import type { KyselyPlugin } from 'kysely';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../../identity/permission.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { type ArtifactOwner, openArtifactOwner, putArtifact } from './artifacts.ts';
import { createExperiment } from './experiments.ts';
import { openArtifact } from './open-artifact.ts';
import { createRun } from './runs.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.");

let registry: TestRegistry;
let eve: Principal;
let owner: ArtifactOwner;

beforeAll(async () => {
  registry = await testRegistry();
  eve = await registry.person('eve', 'contributor', 'mlflow');
  const { id } = await createExperiment(registry.context, eve, 'mlflow/race');
  const run = await createRun(registry.context, eve, id, { name: 'r', startTime: 0, tags: [] });
  owner = await openArtifactOwner(registry.context, eve, 'run', run.id, 'write');
});
afterAll(() => registry.close());

async function put(path: string, content: string | Uint8Array): Promise<void> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(content);
  }
  await putArtifact(registry.context, eve, owner, path, source(), {});
}

test('what was replaced while a gate was asked is not served on the word about its successor', async () => {
  await put('model/MLmodel', 'flavors: {}\n');
  await put('model/weights.pkl', MALICIOUS);
  let asked = 0;
  // The attacker is exactly as fast as needed: after the first look at the artifacts the file is another one.
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (++asked === 1) await put('model/weights.pkl', 'harmless');
      return result;
    },
  };
  const { store } = registry.context;
  const context = { ...registry.context, store: { ...store, db: store.db.withPlugin(plugin) } };
  const served = await openArtifact(context, eve, owner, 'model/weights.pkl', 'test').then(
    async (file) => (await buffer(await file.open())).toString(),
    () => 'refused',
  );
  expect(asked).toBeGreaterThan(1);
  expect(['refused', 'harmless']).toContain(served);
});
