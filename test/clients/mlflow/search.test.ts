import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchLoggedModels } from '../../../src/engine/registry/search/search-logged-models.ts';
import { searchModels } from '../../../src/engine/registry/search/search-models.ts';
import { searchExperiments } from '../../../src/engine/registry/search/search-experiments.ts';
import { searchRuns } from '../../../src/engine/registry/search/search-runs.ts';
import { searchVersions } from '../../../src/engine/registry/search/search-versions.ts';
import { createRepository } from '../../../src/engine/registry/repositories.ts';
import { tagModel, WHOLE_MODEL } from '../../../src/engine/registry/model-notes.ts';
import { type TestRegistry, testRegistry } from '../../../src/engine/registry/testing.ts';
import { createExperiment } from '../../../src/engine/registry/tracking/experiments.ts';
import { logToRun } from '../../../src/engine/registry/tracking/log-to-run.ts';
import { createLoggedModel } from '../../../src/engine/registry/tracking/logged-models.ts';
import { createRun } from '../../../src/engine/registry/tracking/runs.ts';
import type { Principal } from '../../../src/identity/permission.ts';
import { parseFilter } from '../../../src/registry/mlflow/filter/parse-filter.ts';
import { parseOrder } from '../../../src/registry/mlflow/filter/parse-order.ts';
import type { Store } from '../../../src/store/open-store.ts';
import { type Database, DATABASES } from '../../store/databases.ts';

const page = (filter: string, order: readonly string[] = [], offset = 0, limit = 100) => ({
  clauses: parseFilter(filter),
  orderings: parseOrder(order),
  offset,
  limit,
});

describe.each(DATABASES.filter(({ name }) => name !== 'SQLite in memory'))('searches on $name', ({ create }) => {
  let database: Database;
  let store: Store;
  let registry: TestRegistry;
  let ann: Principal;
  let experiment: string;
  const names = new Map<string, string>();

  beforeAll(async () => {
    database = await create();
    store = await database.open();
    registry = await testRegistry({}, { store });
    ann = await registry.person('ann', 'admin');
    const { context } = registry;
    experiment = (await createExperiment(context, ann, 'acme/one', [{ key: 'team', value: 'A%b_c' }])).id;
    for (const [name, value] of [
      ['low', -1],
      ['high', 1e300],
      ['odd', Number.NaN],
      ['none', undefined],
    ] as const) {
      const run = await createRun(context, ann, experiment, { name, startTime: names.size, tags: [] });
      names.set(run.id, name);
      const at = { timestamp: 1, step: 0, modelId: '', datasetName: '', datasetDigest: '' };
      if (value !== undefined) await logToRun(context, ann, run.id, { metrics: [{ key: 'acc', value, ...at }] });
      await logToRun(context, ann, run.id, { params: [{ key: 'p', value: name }] });
    }
  });
  afterAll(async () => {
    await registry?.close();
    await store?.close();
    await database?.remove();
  });

  async function runs(filter: string, order: readonly string[] = ['run_name'], offset = 0, limit = 100): Promise<(string | undefined)[]> {
    const found = await searchRuns(registry.context, ann, [experiment], ['active'], page(filter, order, offset, limit));
    return found.map(({ id }) => names.get(id));
  }

  test.each<[string, string[]]>([
    ['', ['high', 'low', 'none', 'odd']],
    ['metrics.acc > -2', ['high', 'low']],
    ['metrics.acc = -1', ['low']],
    ['metrics.acc != -1', ['high']],
    ["params.p LIKE 'l_w'", ['low']],
    ["params.p LIKE 'L%'", []],
    ["params.p ILIKE 'L%'", ['low']],
    ["params.p LIKE '*'", []],
    ["params.p IN ('x')", []],
    ["run_name IN ('low', 'odd')", ['low', 'odd']],
    ["run_name NOT IN ('low', 'odd') AND params.p != 'none'", ['high']],
    ["run_name = 'low''; drop table mlflow_run; --'", []],
    ['params.p IS NULL', []],
    ['tags.x IS NULL', ['high', 'low', 'none', 'odd']],
    ['start_time >= 2', ['none', 'odd']],
    ["user_id = 'ann' AND status = 'RUNNING' AND metrics.acc < 0", ['low']],
  ])('runs where %s', async (filter, expected) => expect(await runs(filter)).toEqual(expected));

  test('what has no value comes last, both ways; pages do not overlap', async () => {
    expect(await runs('', ['metrics.acc ASC', 'run_name'])).toEqual(['low', 'high', 'none', 'odd']);
    expect(await runs('', ['metrics.acc DESC', 'run_name'])).toEqual(['high', 'low', 'none', 'odd']);
    expect(await runs('', ['run_name'], 0, 1)).toEqual(['high', 'low']);
    expect(await runs('', ['run_name'], 1, 1)).toEqual(['low', 'none']);
  });

  test('wildcards mean the same in every database', async () => {
    const { context } = registry;
    const alphabet = fc.constantFrom('a', 'B', '%', '_', '*', '?', '[', ']', '\\', "'", '^');
    const text = fc.string({ unit: alphabet, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, text, fc.boolean(), async (value, pattern, isCaseSensitive) => {
        await store.db.deleteFrom('mlflow_tag').where('key', '=', 'w').execute();
        await store.db.insertInto('mlflow_tag').values({ owner: experiment, experiment_id: experiment, key: 'w', value }).execute();
        const clause = { on: 'tag', key: 'w', operator: isCaseSensitive ? 'like' : 'ilike', value: pattern } as const;
        const found = await searchExperiments(context, ann, ['active'], { clauses: [clause], orderings: [], offset: 0, limit: 10 });
        const source = [...pattern].map((one) => (one === '%' ? '[^]*' : one === '_' ? '[^]' : one.replace(/[*?[\]\\^]/, '\\$&'))).join('');
        expect(found.length === 1).toBe(new RegExp(`^${source}$`, isCaseSensitive ? '' : 'i').test(value));
      }),
      { numRuns: 150 },
    );
  });

  test('logged models, models and versions', async () => {
    const { context } = registry;
    const model = await createLoggedModel(context, ann, experiment, {
      name: 'm',
      modelType: 'sklearn',
      sourceRunId: '',
      params: [{ key: 'C', value: '1' }],
      tags: [],
    });
    const found = await searchLoggedModels(context, ann, [experiment], [], page("name = 'm' AND params.C = '1' AND model_type != 'x'"));
    expect(found.map(({ id }) => id)).toEqual([model.id]);
    expect(await searchLoggedModels(context, ann, [experiment], [{ name: 'd', digest: '' }], page('metrics.acc > 0'))).toEqual([]);
    for (const namespace of ['acme', 'mlflow', 'other']) {
      const repository = await createRepository(context, ann, { kind: 'model', namespace, name: 'bert' });
      await tagModel(context, ann, repository, WHOLE_MODEL, 'in', namespace);
    }
    const reader = await registry.person('rob', 'reader', 'acme');
    const models = async (who: Principal, filter: string) =>
      (await searchModels(context, who, page(filter))).rows.map(({ namespace }) => namespace);
    expect(await models(ann, "name LIKE '%bert'")).toEqual(['acme', 'mlflow', 'other']);
    expect(await models(ann, "name = 'bert'")).toEqual(['mlflow']);
    expect(await models(ann, "tags.`mlflow.prompt.is_prompt` != 'true' AND tags.in = 'other'")).toEqual(['other']);
    expect(await models(reader, '')).toEqual(['acme']);
    const one = await searchModels(context, ann, { ...page(''), limit: 1 });
    expect(one).toMatchObject({ rows: [{ namespace: 'acme' }], nextOffset: 1 });
    expect((await searchVersions(context, ann, page("name = 'bert' AND version_number > 0 AND run_id = 'x'"))).rows).toEqual([]);
  });
});
