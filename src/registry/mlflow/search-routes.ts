import type { Hono } from 'hono';
import * as z from 'zod';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Lifecycles, SearchPage } from '../../engine/registry/search/search-runs.ts';
import { searchDatasets } from '../../engine/registry/search/search-datasets.ts';
import { searchExperiments } from '../../engine/registry/search/search-experiments.ts';
import { searchLoggedModels } from '../../engine/registry/search/search-logged-models.ts';
import { searchModels } from '../../engine/registry/search/search-models.ts';
import { searchRuns } from '../../engine/registry/search/search-runs.ts';
import { searchVersions } from '../../engine/registry/search/search-versions.ts';
import { labelsOf } from '../../engine/registry/tracking/labels.ts';
import type { RegistryEnv } from '../http/env.ts';
import { orderedBy, parseOrder } from './filter/parse-order.ts';
import { parseFilter } from './filter/parse-filter.ts';
import { loggedModelParts } from './logged-model-parts.ts';
import { experimentMessage, loggedModelMessage, runMessage } from './messages.ts';
import { modelName } from './model-names.ts';
import { modelMessages, versionMessages } from './model-parts.ts';
import { nextToken, offsetOf, tokenAt } from './page.ts';
import { fieldsOf, Flag, Id, Int64, listOf, PageToken } from './request.ts';
import { allRunParts } from './run-parts.ts';

/**
 * Rows of a page. Why less than clients may ask for: a page is held in memory with all that belongs to it, and who asks for more
 * gets a token for the rest.
 */
const RUNS = 2_000;
const EXPERIMENTS = 5_000;
const MODELS = 1_000;
const VERSIONS = 5_000;
const LOGGED_MODELS = 50;
const EXPERIMENT_IDS = 1_000;

const Search = z.object({
  filter: z.string().max(20_000).default(''),
  max_results: Int64.optional(),
  order_by: listOf(z.string().max(400), 20),
  page_token: PageToken.optional(),
});
const View = z
  .union([z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']), z.int().min(1).max(3)])
  .default('ACTIVE_ONLY')
  .transform((view): Lifecycles => {
    if (view === 'ALL' || view === 3) return ['active', 'deleted'];
    return view === 'DELETED_ONLY' || view === 2 ? ['deleted'] : ['active'];
  });

function pageOf(given: z.infer<typeof Search>, usual: number, atMost: number): SearchPage {
  return {
    clauses: parseFilter(given.filter),
    orderings: parseOrder(given.order_by),
    offset: offsetOf(given.page_token),
    limit: Math.min(Math.max(given.max_results ?? usual, 1), atMost),
  };
}

/** Searches for experiments, runs, logged models, registered models, versions and datasets. */
export function addSearchRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  for (const method of ['GET', 'POST'] as const) {
    app.on(method, '/mlflow/experiments/search', async (c) => {
      const given = await fieldsOf(c, Search.extend({ view_type: View }));
      const page = pageOf(given, 1_000, EXPERIMENTS);
      const found = await searchExperiments(context, c.var.principal, given.view_type, page);
      const shown = found.slice(0, page.limit);
      const tags = await labelsOf(
        context.store.db,
        'mlflow_tag',
        shown.map(({ id }) => id),
      );
      return c.json({
        experiments: shown.map((one) => experimentMessage(one, tags.get(one.id) ?? [])),
        ...nextToken(page.offset, page.limit, found.length),
      });
    });
  }
  app.post('/mlflow/experiments/search-datasets', async (c) => {
    const { experiment_ids } = await fieldsOf(c, z.object({ experiment_ids: listOf(Id, EXPERIMENT_IDS) }));
    const found = await searchDatasets(context, c.var.principal, experiment_ids);
    return c.json({
      dataset_summaries: found.map((one) => ({ experiment_id: one.experiment, name: one.name, digest: one.digest, context: one.context })),
    });
  });
  app.post('/mlflow/runs/search', async (c) => {
    const given = await fieldsOf(c, Search.extend({ experiment_ids: listOf(Id, EXPERIMENT_IDS), run_view_type: View }));
    const page = pageOf(given, 1_000, RUNS);
    const found = await searchRuns(context, c.var.principal, given.experiment_ids, given.run_view_type, page);
    const parts = await allRunParts(context, found.slice(0, page.limit));
    return c.json({ runs: parts.map(runMessage), ...nextToken(page.offset, page.limit, found.length) });
  });
  addModelSearches(app, context);
}

const OrderBy = z.object({ field_name: z.string().min(1).max(300), ascending: Flag.default(true) });

function addModelSearches(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/mlflow/logged-models/search', async (c) => {
    const given = await fieldsOf(
      c,
      Search.extend({
        experiment_ids: listOf(Id, EXPERIMENT_IDS),
        datasets: listOf(z.object({ dataset_name: z.string().max(500), dataset_digest: z.string().max(100).nullish() }), 100),
        order_by: listOf(OrderBy, 20),
      }),
    );
    const { order_by, datasets, experiment_ids } = given;
    const page: SearchPage = {
      ...pageOf({ ...given, order_by: [] }, LOGGED_MODELS, LOGGED_MODELS),
      orderings: order_by.map(({ field_name, ascending }) => ({ ...orderedBy(field_name), isDescending: !ascending })),
    };
    const measuredOn = datasets.map(({ dataset_name, dataset_digest }) => ({ name: dataset_name, digest: dataset_digest ?? '' }));
    const found = await searchLoggedModels(context, c.var.principal, experiment_ids, measuredOn, page);
    const parts = await loggedModelParts(context, c.var.principal, found.slice(0, page.limit));
    return c.json({ models: parts.map(loggedModelMessage), ...nextToken(page.offset, page.limit, found.length) });
  });
  for (const method of ['GET', 'POST'] as const) {
    app.on(method, '/mlflow/registered-models/search', async (c) => {
      const page = pageOf(await fieldsOf(c, Search), 100, MODELS);
      const { rows, nextOffset } = await searchModels(context, c.var.principal, page);
      return c.json({ registered_models: await modelMessages(context, rows, modelName), ...tokenAt(nextOffset) });
    });
    app.on(method, '/mlflow/model-versions/search', async (c) => {
      const page = pageOf(await fieldsOf(c, Search), 10_000, VERSIONS);
      const { rows, nextOffset } = await searchVersions(context, c.var.principal, page);
      return c.json({ model_versions: await versionMessages(context, rows, modelName), ...tokenAt(nextOffset) });
    });
  }
}
