import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { labelExperiment } from '../../engine/registry/tracking/label-experiment.ts';
import {
  createExperiment,
  type Experiment,
  findExperiment,
  openExperiment,
  renameExperiment,
  setExperimentLifecycle,
} from '../../engine/registry/tracking/experiments.ts';
import { type Label, labelsOf } from '../../engine/registry/tracking/labels.ts';
import type { RegistryEnv } from '../http/env.ts';
import { experimentMessage } from './messages.ts';
import { fieldsOf, Id, Key, KeyValue, listOf, Text } from './request.ts';

const Name = z.string().min(1).max(500);
const ExperimentId = z.object({ experiment_id: Id });

/** Experiments: create, read, rename, delete, restore, tags. */
export function addExperimentRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/mlflow/experiments/create', async (c) => {
    const { name, artifact_location, tags } = await fieldsOf(
      c,
      z.object({ name: Name, artifact_location: Text.optional(), tags: listOf(KeyValue, 100) }),
    );
    // Why: artifacts elsewhere would be served by nobody's gate.
    if (artifact_location !== undefined && artifact_location !== '')
      throw new CordonError('request.invalid', 'artifact_location cannot be chosen: this registry keeps artifacts itself');
    const { id } = await createExperiment(context, c.var.principal, name, tags);
    return c.json({ experiment_id: id });
  });
  app.get('/mlflow/experiments/get', async (c) => {
    const { experiment_id } = await fieldsOf(c, ExperimentId);
    return c.json({ experiment: await withTags(context, await openExperiment(context, c.var.principal, experiment_id)) });
  });
  app.get('/mlflow/experiments/get-by-name', async (c) => {
    const { experiment_name } = await fieldsOf(c, z.object({ experiment_name: Name }));
    const found = await findExperiment(context, c.var.principal, experiment_name);
    const experiment = found ?? (experiment_name === 'Default' ? await openExperiment(context, c.var.principal, '0') : undefined);
    if (experiment === undefined) throw new CordonError('tracking.missing', `Could not find experiment with name '${experiment_name}'`);
    return c.json({ experiment: await withTags(context, experiment) });
  });
  app.post('/mlflow/experiments/update', async (c) => {
    const { experiment_id, new_name } = await fieldsOf(c, z.object({ experiment_id: Id, new_name: Name }));
    await renameExperiment(context, c.var.principal, experiment_id, new_name);
    return c.json({});
  });
  for (const [act, lifecycle] of [
    ['delete', 'deleted'],
    ['restore', 'active'],
  ] as const) {
    app.post(`/mlflow/experiments/${act}`, async (c) => {
      const { experiment_id } = await fieldsOf(c, ExperimentId);
      await setExperimentLifecycle(context, c.var.principal, experiment_id, lifecycle);
      return c.json({});
    });
  }
  app.post('/mlflow/experiments/set-experiment-tag', async (c) => {
    const { experiment_id, key, value } = await fieldsOf(c, z.object({ experiment_id: Id, key: Key, value: Text.default('') }));
    await labelExperiment(context, c.var.principal, experiment_id, key, value);
    return c.json({});
  });
  app.post('/mlflow/experiments/delete-experiment-tag', async (c) => {
    const { experiment_id, key } = await fieldsOf(c, z.object({ experiment_id: Id, key: Key }));
    await labelExperiment(context, c.var.principal, experiment_id, key, undefined);
    return c.json({});
  });
}

async function withTags(context: RegistryContext, experiment: Experiment): Promise<object> {
  const tags = await labelsOf(context.store.db, 'mlflow_tag', [experiment.id]);
  return experimentMessage(experiment, tags.get(experiment.id) as readonly Label[]);
}
