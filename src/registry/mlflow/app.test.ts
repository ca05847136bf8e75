import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approve } from '../../engine/registry/approve.ts';
import { recallContent } from '../../engine/registry/recall-content.ts';
import { recall } from '../../engine/registry/recall.ts';
import { createRepository, find, openRepository } from '../../engine/registry/repositories.ts';
import { type TestRegistry, testRegistry } from '../../engine/registry/testing.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { openVersion, seal } from '../../engine/registry/versions.ts';
import type { Principal } from '../../identity/permission.ts';
import { collectGarbage } from '../../store/collect-garbage.ts';
import { type TestMlflow, testMlflow } from './testing.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = "cos\nsystem\n(S'id'\ntR.";
const MLMODEL = 'flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n';

let registry: TestRegistry;
let api: TestMlflow;
let ann: Principal;
let ben: Principal;
let rob: Principal;
let eve: Principal;

beforeAll(async () => {
  registry = await testRegistry({ registry: { mlflow: { gatedAliases: { champion: 'production' } } } });
  api = await testMlflow(registry.context);
  ann = await registry.person('ann', 'admin', 'acme');
  ben = await registry.person('ben', 'approver', 'acme');
  rob = await registry.person('rob', 'reader', 'acme');
  eve = await registry.person('eve', 'admin', 'evil');
});
afterAll(async () => {
  await api?.close();
  await registry?.close();
});

let count = 0;

/** A run of ann with a model in it, and its addresses. */
async function trained(files: Record<string, string> = { MLmodel: MLMODEL, 'data/weights.txt': `${++count}` }) {
  const name = `acme/e${++count}`;
  const { experiment_id: experiment } = (await api.send(ann, 'POST', 'mlflow/experiments/create', { name })).body;
  const { run } = (await api.send(ann, 'POST', 'mlflow/runs/create', { experiment_id: experiment })).body;
  const id: string = run.info.run_id;
  const root = `${experiment}/${id}/artifacts`;
  for (const [path, content] of Object.entries(files)) {
    expect((await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/model/${path}`, content)).status).toBe(200);
  }
  return { experiment, id, root, source: `runs:/${id}/model` };
}

async function registered(name = `acme/m${++count}`, source?: string) {
  await api.send(ann, 'POST', 'mlflow/registered-models/create', { name });
  const from = source ?? (await trained()).source;
  const { body } = await api.send(ann, 'POST', 'mlflow/model-versions/create', { name, source: from });
  return { name, source: from, version: body.model_version };
}

describe('the mapping to repositories', () => {
  test('a version is a sealed version, and no byte is stored twice', async () => {
    const { source } = await trained();
    const blobs = async () => (await registry.context.store.db.selectFrom('blob').select('sha256').execute()).length;
    const before = await blobs();
    const { name, version } = await registered('acme/mapped', source);
    expect(version).toMatchObject({ name, version: '1', status: 'READY', current_stage: 'None' });
    expect(await blobs()).toBe(before);
    const repository = await openRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'mapped' });
    const sealed = await openVersion(registry.context, repository, 1);
    expect((await resolveRevision(registry.context, repository, 'v1')).id).toBe(sealed.revision);
  });

  test('the same files again are another version, and what is registered replaces the branch', async () => {
    const { name, source } = await registered();
    expect((await api.send(ann, 'POST', 'mlflow/model-versions/create', { name, source })).body.model_version.version).toBe('2');
    const other = await trained({ MLmodel: MLMODEL });
    await api.send(ann, 'POST', 'mlflow/model-versions/create', { name, source: other.source });
    const { artifact_uri } = (await api.send(ann, 'GET', 'mlflow/model-versions/get-download-uri', { name, version: '3' })).body;
    const path = artifact_uri.replace('mlflow-artifacts:/', '');
    expect(
      (await api.send(ann, 'GET', 'mlflow-artifacts/artifacts', { path })).body.files.map((one: { path: string }) => one.path),
    ).toEqual(['MLmodel']);
  });

  test('what was pushed and sealed elsewhere is a version here', async () => {
    const { context } = registry;
    const repository = await createRepository(context, ann, { kind: 'model', namespace: 'acme', name: 'pushed' });
    await seal(context, ann, repository, await registry.push(ann, repository, { MLmodel: MLMODEL, 'a/b.txt': 'x' }));
    await api.send(ann, 'GET', 'mlflow/model-versions/get-download-uri', { name: 'acme--pushed', version: '1' });
    expect((await api.send(rob, 'GET', 'mlflow-artifacts/artifacts/registry/acme/pushed/1/a/b.txt')).body).toBe('x');
    expect(
      (await api.send(rob, 'GET', 'mlflow/model-versions/get', { name: 'acme/pushed', version: '1' })).body.model_version,
    ).toMatchObject({
      status: 'READY',
      source: 'mlflow-artifacts:/registry/acme/pushed/1',
    });
  });

  test('what is logged again changes no version, and versions cannot be written to', async () => {
    const { root, source } = await trained({ MLmodel: MLMODEL });
    const { name } = await registered(undefined, source);
    await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/model/MLmodel`, 'other: 1');
    const address = `mlflow-artifacts/artifacts/registry/${name}/1/MLmodel`;
    expect((await api.send(ann, 'GET', address)).body).toBe(MLMODEL);
    expect((await api.send(ann, 'PUT', address, 'x')).body.error_code).toBe('PERMISSION_DENIED');
    expect((await api.send(ann, 'DELETE', address)).body.error_code).toBe('PERMISSION_DENIED');
  });

  test('registrations at the same time all get a version, each with its own files', async () => {
    const sources = await Promise.all(
      [1, 2, 3, 4].map(async (one) => (await trained({ MLmodel: MLMODEL, 'n.txt': `parallel ${one}` })).source),
    );
    await api.send(ann, 'POST', 'mlflow/registered-models/create', { name: 'acme/parallel' });
    const answers = await Promise.all(
      sources.map((source) => api.send(ann, 'POST', 'mlflow/model-versions/create', { name: 'acme/parallel', source })),
    );
    const versions: string[] = answers.map(({ body }) => body.model_version?.version);
    expect(versions.toSorted()).toEqual(['1', '2', '3', '4']);
    for (const [index, version] of versions.entries()) {
      const { body } = await api.send(rob, 'GET', `mlflow-artifacts/artifacts/registry/acme/parallel/${version}/n.txt`);
      expect(body).toBe(`parallel ${index + 1}`);
    }
  });

  test('a withdrawn version is gone and its number is not used again', async () => {
    const { name, source } = await registered();
    expect((await api.send(ann, 'DELETE', 'mlflow/model-versions/delete', { name, version: '1' })).status).toBe(200);
    expect((await api.send(ann, 'GET', 'mlflow/model-versions/get', { name, version: '1' })).body.error_code).toBe(
      'RESOURCE_DOES_NOT_EXIST',
    );
    expect((await api.send(ann, 'POST', 'mlflow/model-versions/create', { name, source })).body.model_version.version).toBe('2');
  });
});

describe('gates', () => {
  test('a pickle that calls os.system is served from no address, and its registration fails with the reason', async () => {
    const { root, source } = await trained({ MLmodel: MLMODEL, 'model.pkl': MALICIOUS });
    for (const file of ['model.pkl', 'MLmodel']) {
      const { status, body } = await api.send(ann, 'GET', `mlflow-artifacts/artifacts/${root}/model/${file}`);
      expect({ status, code: body.error_code }).toEqual({ status: 403, code: 'PERMISSION_DENIED' });
      expect(body.message).toContain('model.pkl');
    }
    const { name, version } = await registered(undefined, source);
    expect(version).toMatchObject({ status: 'FAILED_REGISTRATION', status_message: expect.stringContaining('model.pkl') });
    expect((await api.send(ann, 'GET', 'mlflow/model-versions/get-download-uri', { name, version: '1' })).status).toBe(403);
    expect((await api.send(ann, 'GET', `mlflow-artifacts/artifacts/registry/${name}/1/MLmodel`)).status).toBe(403);
  });

  test('stages and the aliases that stand for them need what the stage needs', async () => {
    const { name } = await registered();
    const { context } = registry;
    const stage = (to: string) => api.send(ann, 'POST', 'mlflow/model-versions/transition-stage', { name, version: '1', stage: to });
    const alias = (to: string) => api.send(ann, 'POST', 'mlflow/registered-models/alias', { name, alias: to, version: '1' });
    for (const refused of [await stage('Production'), await alias('production'), await alias('Champion')]) {
      expect(refused).toMatchObject({
        status: 403,
        body: { error_code: 'PERMISSION_DENIED', message: expect.stringContaining('approvals') },
      });
    }
    expect((await alias('any')).status).toBe(200);
    const repository = (await find(context.store.db, { kind: 'model', namespace: 'acme', name: name.slice(5) })) as never;
    await approve(context, ben, repository, await openVersion(context, repository, 1), { stage: 'production' });
    expect((await alias('champion')).status).toBe(200);
    expect((await api.send(rob, 'GET', 'mlflow/registered-models/alias', { name, alias: 'champion' })).body.model_version).toMatchObject({
      current_stage: 'Production',
      aliases: ['any', 'champion'],
    });
    expect((await api.send(ann, 'DELETE', 'mlflow/model-versions/delete', { name, version: '1' })).status).toBe(400);
  });

  test('a recall blocks the version and the run it was made of, and tells who loaded either', async () => {
    const { root, source } = await trained();
    const { name } = await registered(undefined, source);
    const { context } = registry;
    const addresses = [`mlflow-artifacts/artifacts/registry/${name}/1/MLmodel`, `mlflow-artifacts/artifacts/${root}/model/MLmodel`];
    for (const address of addresses) expect((await api.send(rob, 'GET', address)).status).toBe(200);
    const repository = (await find(context.store.db, { kind: 'model', namespace: 'acme', name: name.slice(5) })) as never;
    const { pulledBy } = await recall(context, ann, repository, (await openVersion(context, repository, 1)).manifest, 'backdoor');
    expect(pulledBy.map(({ principal }) => principal)).toEqual(['rob', 'rob']);
    for (const address of addresses)
      expect(await api.send(rob, 'GET', address)).toMatchObject({ status: 403, body: { message: expect.stringContaining('backdoor') } });
  });

  test('a recalled content is in no version and in no run any more', async () => {
    const content = `bad ${Math.random()}`;
    const { root, source } = await trained({ MLmodel: 'flavors: {}', 'weights.txt': content });
    const { name } = await registered(undefined, source);
    const addresses = [`mlflow-artifacts/artifacts/registry/${name}/1/weights.txt`, `mlflow-artifacts/artifacts/${root}/model/weights.txt`];
    for (const address of addresses) expect((await api.send(rob, 'GET', address)).status).toBe(200);
    const digest = createHash('sha256').update(content).digest('hex');
    const { pulledBy } = await recallContent(registry.context, ann, digest, 'backdoor');
    expect(pulledBy.map(({ principal }) => principal)).toEqual(['rob', 'rob']);
    for (const address of addresses)
      expect(await api.send(rob, 'GET', address)).toMatchObject({ status: 403, body: { message: expect.stringContaining('backdoor') } });
  });

  test('the collector keeps what runs have, until it is deleted', async () => {
    const { root } = await trained({ 'kept.txt': `kept ${Math.random()}` });
    const { context } = registry;
    await context.store.db.deleteFrom('blob_lease').execute();
    const collect = () => collectGarbage(context.store, context.blobs, { graceMs: 0, now: Date.now() + 1_000 });
    await collect();
    expect((await api.send(ann, 'GET', `mlflow-artifacts/artifacts/${root}/model/kept.txt`)).status).toBe(200);
    expect((await api.send(ann, 'DELETE', `mlflow-artifacts/artifacts/${root}/model/kept.txt`)).status).toBe(200);
    expect((await collect()).blobs).toBe(1);
  });
});

describe('who may', () => {
  test('who may not read learns nothing and changes nothing, whatever the address says', async () => {
    const { experiment, id, root, source } = await trained();
    const { name } = await registered(undefined, source);
    const { model } = (await api.send(ann, 'POST', 'mlflow/logged-models', { experiment_id: experiment, name: 'm' })).body;
    const own = (await api.send(eve, 'POST', 'mlflow/experiments/create', { name: 'evil/own' })).body.experiment_id;
    const run = (await api.send(eve, 'POST', 'mlflow/runs/create', { experiment_id: own })).body.run.info.run_id;
    await api.send(eve, 'POST', 'mlflow/registered-models/create', { name: 'evil/thief' });
    const logged: string = model.info.model_id;
    const attempts: [string, string, object | string][] = [
      ['GET', 'mlflow/experiments/get', { experiment_id: experiment }],
      ['POST', 'mlflow/experiments/delete', { experiment_id: experiment }],
      ['POST', 'mlflow/runs/create', { experiment_id: experiment }],
      ['POST', 'mlflow/runs/search', { experiment_ids: [own, experiment] }],
      ['POST', 'mlflow/logged-models/search', { experiment_ids: [experiment] }],
      ['POST', 'mlflow/experiments/search-datasets', { experiment_ids: [experiment] }],
      ['GET', 'mlflow/runs/get', { run_id: id }],
      ['POST', 'mlflow/runs/delete', { run_id: id }],
      ['POST', 'mlflow/runs/log-metric', { run_id: id, key: 'a', value: 1, timestamp: 1 }],
      ['POST', 'mlflow/runs/log-metric', { run_id: run, key: 'a', value: 1, timestamp: 1, model_id: logged }],
      ['GET', 'mlflow/metrics/get-history', { run_id: id, metric_key: 'a' }],
      ['GET', 'mlflow/artifacts/list', { run_id: id }],
      ['GET', 'mlflow-artifacts/artifacts', { path: `${own}/${id}/artifacts` }],
      ['GET', `mlflow-artifacts/artifacts/${root}/model/MLmodel`, {}],
      ['GET', `mlflow-artifacts/artifacts/${own}/${id}/artifacts/model/MLmodel`, {}],
      ['PUT', `mlflow-artifacts/artifacts/${own}/${id}/artifacts/x`, 'x'],
      ['DELETE', `mlflow-artifacts/artifacts/${own}/${id}/artifacts/model`, {}],
      ['PUT', `mlflow-artifacts/artifacts/${own}/models/${logged}/artifacts/x`, 'x'],
      ['GET', `mlflow/logged-models/${logged}`, {}],
      ['PATCH', `mlflow/logged-models/${logged}`, { status: 'LOGGED_MODEL_READY' }],
      ['POST', 'mlflow/logged-models', { experiment_id: own, source_run_id: id }],
      ['GET', 'mlflow/registered-models/get', { name }],
      ['GET', 'mlflow/model-versions/get-download-uri', { name, version: '1' }],
      ['GET', `mlflow-artifacts/artifacts/registry/${name}/1/MLmodel`, {}],
      ['PUT', `mlflow-artifacts/artifacts/registry/${name}/1/MLmodel`, 'x'],
      ['POST', 'mlflow/model-versions/create', { name: 'evil/thief', source }],
      ['POST', 'mlflow/model-versions/create', { name: 'evil/thief', source: `models:/${name}/1` }],
      ['POST', 'mlflow/model-versions/create', { name: 'evil/thief', source: `models:/${logged}` }],
      ['POST', 'mlflow/model-versions/create', { name: 'evil/thief', source: `mlflow-artifacts:/${own}/${id}/artifacts/model` }],
      ['POST', 'mlflow/registered-models/alias', { name, alias: 'a', version: '1' }],
    ];
    for (const [method, path, fields] of attempts) {
      const { status, body } = await api.send(eve, method, path, fields);
      expect({ path, status, code: body.error_code }).toEqual({ path, status: 404, code: 'RESOURCE_DOES_NOT_EXIST' });
    }
    const searches = [
      await api.send(eve, 'GET', 'mlflow/registered-models/search', {}),
      await api.send(eve, 'GET', 'mlflow/model-versions/search', {}),
      await api.send(eve, 'GET', 'mlflow/experiments/search', { max_results: '100' }),
    ];
    expect(JSON.stringify(searches.map(({ body }) => body))).not.toContain('acme');
  });

  test('readers read, and nothing else', async () => {
    const { experiment, id, root, source } = await trained();
    const { name } = await registered(undefined, source);
    expect((await api.send(rob, 'GET', `mlflow-artifacts/artifacts/${root}/model/MLmodel`)).body).toBe(MLMODEL);
    const attempts: [string, string, object | string][] = [
      ['POST', 'mlflow/experiments/update', { experiment_id: experiment, new_name: 'x' }],
      ['POST', 'mlflow/runs/create', { experiment_id: experiment }],
      ['POST', 'mlflow/runs/log-parameter', { run_id: id, key: 'a', value: 'b' }],
      ['POST', 'mlflow/logged-models', { experiment_id: experiment }],
      ['PUT', `mlflow-artifacts/artifacts/${root}/x`, 'x'],
      ['DELETE', `mlflow-artifacts/artifacts/${root}/model`, {}],
      ['POST', 'mlflow/model-versions/create', { name, source }],
      ['PATCH', 'mlflow/model-versions/update', { name, version: '1', description: 'x' }],
      ['POST', 'mlflow/model-versions/transition-stage', { name, version: '1', stage: 'Staging' }],
      ['POST', 'mlflow/registered-models/alias', { name, alias: 'a', version: '1' }],
      ['DELETE', 'mlflow/registered-models/delete', { name }],
    ];
    for (const [method, path, fields] of attempts) {
      const { status, body } = await api.send(rob, method, path, fields);
      expect({ path, status, code: body.error_code }).toEqual({ path, status: 403, code: 'PERMISSION_DENIED' });
    }
  });

  test('nobody is nobody', async () => {
    expect(await api.send(undefined, 'GET', 'mlflow/experiments/search')).toMatchObject({
      status: 401,
      body: { error_code: 'UNAUTHENTICATED' },
    });
    expect(await api.send(undefined, 'GET', 'mlflow/server-info')).toMatchObject({ status: 401 });
  });
});

describe('requests', () => {
  test.each<[string, string, object | string, string]>([
    ['POST', 'mlflow/experiments/create', {}, 'INVALID_PARAMETER_VALUE'],
    ['POST', 'mlflow/experiments/create', '[]', 'INVALID_PARAMETER_VALUE'],
    ['POST', 'mlflow/experiments/create', '{', 'INVALID_PARAMETER_VALUE'],
    ['POST', 'mlflow/experiments/create', { name: 'acme/x', artifact_location: 's3://elsewhere' }, 'INVALID_PARAMETER_VALUE'],
    ['GET', 'mlflow/experiments/search', { filter: "name = 'x' OR 1" }, 'INVALID_PARAMETER_VALUE'],
    ['GET', 'mlflow/experiments/search', { page_token: 'bm9uc2Vuc2U' }, 'INVALID_PARAMETER_VALUE'],
    ['GET', 'mlflow/experiments/search', { filter: "metrics.x = 'y'" }, 'INVALID_PARAMETER_VALUE'],
    ['GET', 'mlflow/model-versions/get', { name: 'acme/none', version: '1; drop' }, 'INVALID_PARAMETER_VALUE'],
    ['POST', 'mlflow/registered-models/create', { name: '../x' }, 'INVALID_PARAMETER_VALUE'],
    ['GET', 'mlflow/nothing', {}, 'ENDPOINT_NOT_FOUND'],
    ['POST', 'mlflow-artifacts/mpu/create/a/b', {}, 'NOT_IMPLEMENTED'],
  ])('%s %s %j', async (method, path, fields, code) => {
    expect((await api.send(ann, method, path, fields)).body.error_code).toBe(code);
  });

  test.each(['..%2fx', '../x', 'a/%2e%2e/b', '../../../0/1/artifacts/x', 'a%00b', 'a%5cb', '.git/config', '%ff', 'a//b'])(
    'the artifact path %s is refused',
    async (path) => {
      const { root } = await trained({});
      const { status } = await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/${path}`, 'x');
      expect([400, 404]).toContain(status);
    },
  );

  test('a file cannot be a folder', async () => {
    const { root } = await trained({});
    await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/a`, 'x');
    expect((await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/a/b`, 'x')).body.error_code).toBe('INVALID_PARAMETER_VALUE');
    await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/c/d`, 'x');
    expect((await api.send(ann, 'PUT', `mlflow-artifacts/artifacts/${root}/c`, 'x')).body.error_code).toBe('INVALID_PARAMETER_VALUE');
  });

  test('numbers come as numbers or digits, nulls and unknown fields are ignored', async () => {
    const { id } = await trained({});
    const metric = { run_id: id, key: 'a', value: '1.5', timestamp: '1700000000000', step: '3', dataset_name: null, unknown: [1] };
    expect((await api.send(ann, 'POST', 'mlflow/runs/log-metric', metric)).status).toBe(200);
    await api.send(ann, 'POST', 'mlflow/runs/log-metric', metric);
    expect((await api.send(ann, 'GET', 'mlflow/metrics/get-history', { run_id: id, metric_key: 'a' })).body.metrics).toMatchObject([
      { key: 'a', value: 1.5, timestamp: 1_700_000_000_000, step: 3 },
    ]);
  });
});
