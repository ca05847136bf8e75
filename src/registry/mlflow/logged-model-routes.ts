import type { Hono } from 'hono';
import * as z from 'zod';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { decideFiles } from '../../engine/registry/tracking/decide-files.ts';
import { artifactsBelow, artifactsOf, openArtifactOwner } from '../../engine/registry/tracking/artifacts.ts';
import {
  createLoggedModel,
  deleteLoggedModel,
  describeLoggedModel,
  finalizeLoggedModel,
  type LoggedModel,
  openLoggedModel,
} from '../../engine/registry/tracking/logged-models.ts';
import { manifestDigest } from '../../engine/registry/manifest.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { folderListing } from './folder-listing.ts';
import { loggedModelParts } from './logged-model-parts.ts';
import { loggedModelMessage, loggedModelRoot } from './messages.ts';
import { fieldsOf, Flag, Id, Key, KeyValue, listOf, Text } from './request.ts';

const Status = z.union([
  z.enum(['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']),
  z
    .int()
    .min(1)
    .max(3)
    .transform(
      (number) =>
        (['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED'] as const)[number - 1] ?? 'LOGGED_MODEL_PENDING',
    ),
]);

/** Logged models: announce, finalize, describe, list files, delete. */
export function addLoggedModelRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  async function answer(c: RegistryRequest, model: LoggedModel): Promise<object> {
    const [parts] = await loggedModelParts(context, c.var.principal, [model]);
    return { model: parts === undefined ? {} : loggedModelMessage(parts) };
  }
  app.post('/mlflow/logged-models', async (c) => {
    const given = await fieldsOf(
      c,
      z.object({
        experiment_id: Id,
        name: z.string().max(500).optional(),
        model_type: z.string().max(500).default(''),
        source_run_id: z.string().max(64).default(''),
        params: listOf(KeyValue, 1_000),
        tags: listOf(KeyValue, 1_000),
      }),
    );
    const model = await createLoggedModel(context, c.var.principal, given.experiment_id, {
      name: given.name ?? `model-${context.now().toString(36)}`,
      modelType: given.model_type,
      sourceRunId: given.source_run_id,
      params: given.params,
      tags: given.tags,
    });
    return c.json(await answer(c, model));
  });
  app.get('/mlflow/logged-models/:id', async (c) => {
    const { allow_deleted } = await fieldsOf(c, z.object({ allow_deleted: Flag.default(false) }));
    return c.json(await answer(c, await openLoggedModel(context, c.var.principal, c.req.param('id'), 'read', allow_deleted)));
  });
  app.patch('/mlflow/logged-models/:id', async (c) => {
    const { status } = await fieldsOf(c, z.object({ status: Status }));
    const model = await finalizeLoggedModel(context, c.var.principal, c.req.param('id'), status);
    const files = artifactsBelow(await artifactsOf(context, model), '');
    // So that the first reader need not wait; what fails here is decided when somebody reads.
    if (status === 'LOGGED_MODEL_READY') decideFiles(context, manifestDigest(files), files).catch(() => {});
    return c.json(await answer(c, model));
  });
  app.delete('/mlflow/logged-models/:id', async (c) => {
    await deleteLoggedModel(context, c.var.principal, c.req.param('id'));
    return c.json({});
  });
  app.patch('/mlflow/logged-models/:id/tags', async (c) => {
    const { tags } = await fieldsOf(c, z.object({ tags: listOf(KeyValue, 1_000) }));
    return c.json(await answer(c, await describeLoggedModel(context, c.var.principal, c.req.param('id'), { tags })));
  });
  app.delete('/mlflow/logged-models/:id/tags/:key{.+}', async (c) => {
    const withoutTag = Key.parse(decodeURIComponent(c.req.param('key')));
    return c.json(await answer(c, await describeLoggedModel(context, c.var.principal, c.req.param('id'), { withoutTag })));
  });
  app.post('/mlflow/logged-models/:id/params', async (c) => {
    const { params } = await fieldsOf(c, z.object({ params: listOf(KeyValue, 1_000) }));
    await describeLoggedModel(context, c.var.principal, c.req.param('id'), { params });
    return c.json({});
  });
  app.get('/mlflow/logged-models/:id/artifacts/directories', async (c) => {
    const { artifact_directory_path } = await fieldsOf(c, z.object({ artifact_directory_path: Text.default('') }));
    const model = await openLoggedModel(context, c.var.principal, c.req.param('id'));
    const owner = await openArtifactOwner(context, c.var.principal, 'logged-model', model.id, 'read');
    const files = folderListing(await artifactsOf(context, owner), artifact_directory_path, 'whole');
    return c.json({ root_uri: loggedModelRoot(model), files });
  });
}
