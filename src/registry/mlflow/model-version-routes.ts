import { setTimeout as wait } from 'node:timers/promises';
import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { admit, requireAdmitted } from '../../engine/registry/admit.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { describeModel, tagModel } from '../../engine/registry/model-notes.ts';
import { promote } from '../../engine/registry/promote.ts';
import { refusalOf } from '../../engine/registry/refusal.ts';
import { registerVersion } from '../../engine/registry/register-version.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { openLoggedModel } from '../../engine/registry/tracking/logged-models.ts';
import { openVersion, type Version } from '../../engine/registry/versions.ts';
import { ARCHIVED, leaveStage, withdrawVersion } from '../../engine/registry/withdraw-version.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { versionRoot } from './model-messages.ts';
import { modelRepository } from './model-names.ts';
import { versionMessages } from './model-parts.ts';
import { ModelName } from './registered-model-routes.ts';
import { fieldsOf, Flag, Id, Key, KeyValue, listOf, Text } from './request.ts';
import { filesOf } from './sources.ts';
import { stageOf } from './stages.ts';
import { VersionNumber } from './version-number.ts';

/** Why: clients ask again every few seconds; most models are decided before they would. */
const PATIENCE_MS = 5_000;

const Named = z.object({ name: ModelName, version: VersionNumber });

/** Versions of registered models: register, read, describe, move between stages, withdraw. */
export function addModelVersionRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  async function open(c: RegistryRequest, given: z.infer<typeof Named>, action: 'read' | 'write' | 'promote' | 'delete' = 'read') {
    const repository = await openRepository(context, c.var.principal, modelRepository(given.name), action);
    return { repository, version: await openVersion(context, repository, given.version) };
  }
  async function answer(one: { readonly repository: Repository; readonly version: Version }, name: string): Promise<object> {
    const version = await openVersion(context, one.repository, one.version.number);
    const [model_version] = await versionMessages(context, [{ ...one, version }], () => name);
    return { model_version };
  }
  app.post('/mlflow/model-versions/create', async (c) => {
    const { principal } = c.var;
    const given = await fieldsOf(c, NewVersion);
    const repository = await openRepository(context, principal, modelRepository(given.name), 'write');
    const source = await filesOf(context, principal, given.source);
    // Why: a version would otherwise show up with a model of somebody else.
    if (given.model_id !== '') await openLoggedModel(context, principal, given.model_id, 'read', true);
    const version = await registerVersion(context, principal, repository, {
      files: source.files,
      title: `Register ${given.source}`.slice(0, 500),
      tags: given.tags,
      note: {
        description: given.description,
        source: given.source,
        runId: given.run_id === '' ? source.runId : given.run_id,
        runLink: given.run_link,
        modelId: given.model_id === '' ? source.modelId : given.model_id,
      },
    });
    const decided = admit(context, repository, version.manifest).catch(() => undefined);
    await Promise.race([decided, wait(PATIENCE_MS, undefined, { ref: false })]);
    return c.json(await answer({ repository, version }, given.name));
  });
  app.get('/mlflow/model-versions/get', async (c) => {
    const given = await fieldsOf(c, Named);
    return c.json(await answer(await open(c, given), given.name));
  });
  app.get('/mlflow/model-versions/get-download-uri', async (c) => {
    const { repository, version } = await open(c, await fieldsOf(c, Named));
    await requireAdmitted(context, repository, version.manifest);
    return c.json({ artifact_uri: versionRoot(repository, version.number) });
  });
  app.patch('/mlflow/model-versions/update', async (c) => {
    const given = await fieldsOf(c, Named.extend({ description: Text.default('') }));
    const one = await open(c, given, 'write');
    await describeModel(context, c.var.principal, one.repository, one.version.number, given.description);
    return c.json(await answer(one, given.name));
  });
  app.delete('/mlflow/model-versions/delete', async (c) => {
    const { repository, version } = await open(c, await fieldsOf(c, Named), 'delete');
    await withdrawVersion(context, c.var.principal, repository, version);
    return c.json({});
  });
  app.post('/mlflow/model-versions/set-tag', async (c) => {
    const given = await fieldsOf(c, Named.extend(KeyValue.shape));
    const { repository, version } = await open(c, given, 'write');
    await tagModel(context, c.var.principal, repository, version.number, given.key, given.value);
    return c.json({});
  });
  app.delete('/mlflow/model-versions/delete-tag', async (c) => {
    const given = await fieldsOf(c, Named.extend({ key: Key }));
    const { repository, version } = await open(c, given, 'write');
    await tagModel(context, c.var.principal, repository, version.number, given.key, undefined);
    return c.json({});
  });
  app.post('/mlflow/model-versions/transition-stage', async (c) => {
    const given = await fieldsOf(c, Named.extend({ stage: z.string().min(1).max(64), archive_existing_versions: Flag.default(false) }));
    const one = await open(c, given, 'promote');
    const stage = stageOf(context, given.stage);
    if ('leaveTo' in stage) {
      if (given.archive_existing_versions)
        throw new CordonError('request.invalid', `archive_existing_versions has no meaning for the stage ${given.stage}`);
      await leaveStage(context, c.var.principal, one.repository, one.version, stage.leaveTo);
    } else {
      const promotion = await promote(context, c.var.principal, one.repository, one.version, stage.promoteTo, {
        replaces: given.archive_existing_versions,
        replacedTo: ARCHIVED,
      });
      if (!promotion.isPromoted) throw refusalOf(promotion);
    }
    return c.json(await answer(one, given.name));
  });
}

const NewVersion = z.object({
  name: ModelName,
  source: z.string().min(1).max(4_096),
  run_id: z.string().max(64).default(''),
  tags: listOf(KeyValue, 100),
  run_link: z.string().max(4_096).default(''),
  description: Text.default(''),
  model_id: Id.or(z.literal('')).default(''),
});
