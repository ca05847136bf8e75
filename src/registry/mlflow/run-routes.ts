import type { Hono } from 'hono';
import * as z from 'zod';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { deleteRunTag, linkToRun, logToRun, type RunInput } from '../../engine/registry/tracking/log-to-run.ts';
import type { Metric } from '../../engine/registry/tracking/metrics.ts';
import { createRun, openRun, setRunLifecycle, updateRun } from '../../engine/registry/tracking/runs.ts';
import type { RegistryEnv } from '../http/env.ts';
import { runInfoMessage, runMessage } from './messages.ts';
import { Double, fieldsOf, Id, Int64, Key, KeyValue, listOf, Text } from './request.ts';
import { runParts } from './run-parts.ts';

/** Why these: MLflow's own limits of one batch. */
const METRICS = 1_000;
const LABELS = 100;
const PARAM_CHARACTERS = 6_000;
const INPUTS = 1_000;

const Status = z.union([
  z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']),
  z
    .int()
    .min(1)
    .max(5)
    .transform((number) => (['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const)[number - 1] ?? 'RUNNING'),
]);
const Param = z.object({ key: Key, value: z.string().max(PARAM_CHARACTERS).default('') });
const MetricFields = z.object({
  key: Key,
  value: Double,
  timestamp: Int64,
  step: Int64.default(0),
  model_id: Id.nullish(),
  dataset_name: z.string().max(500).nullish(),
  dataset_digest: z.string().max(100).nullish(),
});
/** Old clients name a run by `run_uuid`. */
const RunId = z.object({ run_id: Id.optional(), run_uuid: Id.optional() });

/** Runs: start, end, log, link, delete, restore. */
export function addRunRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/mlflow/runs/create', async (c) => {
    const given = await fieldsOf(
      c,
      z.object({ experiment_id: Id.default('0'), run_name: Text.optional(), start_time: Int64.optional(), tags: listOf(KeyValue, 1_000) }),
    );
    const named = given.run_name ?? given.tags.findLast(({ key }) => key === 'mlflow.runName')?.value;
    const name = named === undefined || named === '' ? `run-${context.now().toString(36)}` : named;
    const tags = [...given.tags.filter(({ key }) => key !== 'mlflow.runName'), { key: 'mlflow.runName', value: name }];
    const run = await createRun(context, c.var.principal, given.experiment_id, {
      name,
      startTime: given.start_time ?? context.now(),
      tags,
    });
    return c.json({ run: runMessage(await runParts(context, run)) });
  });
  app.get('/mlflow/runs/get', async (c) => {
    const run = await openRun(context, c.var.principal, idOf(await fieldsOf(c, RunId)));
    return c.json({ run: runMessage(await runParts(context, run)) });
  });
  app.post('/mlflow/runs/update', async (c) => {
    const given = await fieldsOf(c, RunId.extend({ status: Status.optional(), end_time: Int64.optional(), run_name: Text.optional() }));
    const run = await updateRun(context, c.var.principal, idOf(given), {
      ...(given.status !== undefined && { status: given.status }),
      ...(given.end_time !== undefined && given.end_time !== 0 && { endTime: given.end_time }),
      ...(given.run_name !== undefined && given.run_name !== '' && { name: given.run_name }),
    });
    return c.json({ run_info: runInfoMessage(run) });
  });
  for (const [act, lifecycle] of [
    ['delete', 'deleted'],
    ['restore', 'active'],
  ] as const) {
    app.post(`/mlflow/runs/${act}`, async (c) => {
      await setRunLifecycle(context, c.var.principal, idOf(await fieldsOf(c, RunId)), lifecycle);
      return c.json({});
    });
  }
  addLogRoutes(app, context);
  addLinkRoutes(app, context);
}

function addLogRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/mlflow/runs/log-metric', async (c) => {
    const given = await fieldsOf(c, MetricFields.extend(RunId.shape));
    await logToRun(context, c.var.principal, idOf(given), { metrics: [metricOf(given)] });
    return c.json({});
  });
  app.post('/mlflow/runs/log-parameter', async (c) => {
    const given = await fieldsOf(c, Param.extend(RunId.shape));
    await logToRun(context, c.var.principal, idOf(given), { params: [given] });
    return c.json({});
  });
  app.post('/mlflow/runs/set-tag', async (c) => {
    const given = await fieldsOf(c, KeyValue.extend(RunId.shape));
    await logToRun(context, c.var.principal, idOf(given), { tags: [given] });
    return c.json({});
  });
  app.post('/mlflow/runs/delete-tag', async (c) => {
    const given = await fieldsOf(c, z.object({ key: Key }).extend(RunId.shape));
    await deleteRunTag(context, c.var.principal, idOf(given), given.key);
    return c.json({});
  });
  app.post('/mlflow/runs/log-batch', async (c) => {
    const schema = RunId.extend({
      metrics: listOf(MetricFields, METRICS),
      params: listOf(Param, LABELS),
      tags: listOf(KeyValue, LABELS),
    }).refine(({ metrics, params, tags }) => metrics.length + params.length + tags.length <= METRICS, `at most ${METRICS} items in all`);
    const given = await fieldsOf(c, schema);
    const { metrics, params, tags } = given;
    await logToRun(context, c.var.principal, idOf(given), { metrics: metrics.map(metricOf), params, tags });
    return c.json({});
  });
}

const InputTag = z.object({ key: z.string().max(255), value: z.string().max(500).default('') });
const Dataset = z.object({
  name: z.string().min(1).max(500),
  digest: z.string().min(1).max(100),
  source_type: z.string().max(100).default(''),
  source: z.string().max(65_535).default(''),
  schema: z.string().max(1_048_576).optional(),
  profile: z.string().max(16_777_216).optional(),
});

function addLinkRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/mlflow/runs/log-inputs', async (c) => {
    const given = await fieldsOf(
      c,
      RunId.extend({
        datasets: listOf(z.object({ dataset: Dataset, tags: listOf(InputTag, 100) }), INPUTS),
        models: listOf(z.object({ model_id: Id }), INPUTS),
      }),
    );
    const datasets = given.datasets.map(({ dataset, tags }): RunInput => {
      const { name, digest } = dataset;
      const readFor = tags.find(({ key }) => key === 'mlflow.data.context')?.value ?? '';
      return {
        kind: 'dataset',
        key: JSON.stringify([name, digest]),
        name,
        digest,
        context: readFor,
        body: { dataset: { ...dataset }, tags } as never,
      };
    });
    const models = given.models.map(({ model_id }): RunInput => ({
      kind: 'model',
      key: model_id,
      name: '',
      digest: '',
      context: '',
      body: {},
    }));
    await linkToRun(context, c.var.principal, idOf(given), [...datasets, ...models]);
    return c.json({});
  });
  app.post('/mlflow/runs/outputs', async (c) => {
    const given = await fieldsOf(c, RunId.extend({ models: listOf(z.object({ model_id: Id, step: Int64.default(0) }), INPUTS) }));
    const outputs = given.models.map(({ model_id, step }): RunInput => ({
      kind: 'output-model',
      key: model_id,
      name: '',
      digest: '',
      context: '',
      body: { step },
    }));
    await linkToRun(context, c.var.principal, idOf(given), outputs);
    return c.json({});
  });
  // Clients of MLflow 2 tell here which models a run logged: they keep it as a tag.
  app.post('/mlflow/runs/log-model', async (c) => {
    const given = await fieldsOf(c, RunId.extend({ model_json: Text }));
    const id = idOf(given);
    const run = await runParts(context, await openRun(context, c.var.principal, id, 'write'));
    const before = run.tags.find(({ key }) => key === HISTORY)?.value ?? '[]';
    const history = [...listIn(before), ...listIn(`[${given.model_json}]`)];
    await logToRun(context, c.var.principal, id, { tags: [{ key: HISTORY, value: JSON.stringify(history) }] });
    return c.json({});
  });
}

const HISTORY = 'mlflow.log-model.history';

function listIn(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function idOf({ run_id, run_uuid }: z.infer<typeof RunId>): string {
  return run_id ?? run_uuid ?? '';
}

function metricOf(given: z.infer<typeof MetricFields>): Metric {
  const { key, value, timestamp, step, model_id, dataset_name, dataset_digest } = given;
  return {
    key,
    value,
    timestamp,
    step,
    modelId: model_id ?? '',
    datasetName: dataset_name ?? '',
    datasetDigest: dataset_digest ?? '',
  };
}
