import type { Hono } from 'hono';
import * as z from 'zod';
import { deleteAlias, resolveAlias, setAlias } from '../../engine/registry/aliases.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { describeModel, tagModel, WHOLE_MODEL } from '../../engine/registry/model-notes.ts';
import { createRepository, deleteRepository, moveRepository, openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { openVersion } from '../../engine/registry/versions.ts';
import type { RegistryEnv } from '../http/env.ts';
import { modelRepository } from './model-names.ts';
import { latestMessages, modelMessages, versionMessages } from './model-parts.ts';
import { fieldsOf, Key, KeyValue, listOf, Text } from './request.ts';
import { VersionNumber } from './version-number.ts';

/** A model as clients name it. */
export const ModelName = z.string().min(1).max(300);
const Named = z.object({ name: ModelName });
const AliasName = z.string().regex(/^[\w-]{1,255}$/, 'has characters other than letters, digits, _ and -');

/** Registered models: repositories of models, with notes, tags and aliases. */
export function addRegisteredModelRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  async function answer(repository: Repository, name: string): Promise<object> {
    const [registered_model] = await modelMessages(context, [repository], () => name);
    return { registered_model };
  }
  app.post('/mlflow/registered-models/create', async (c) => {
    const { name, tags, description } = await fieldsOf(c, Named.extend({ tags: listOf(KeyValue, 100), description: Text.default('') }));
    const { principal } = c.var;
    const repository = await createRepository(context, principal, modelRepository(name));
    if (description !== '') await describeModel(context, principal, repository, WHOLE_MODEL, description);
    for (const { key, value } of tags) await tagModel(context, principal, repository, WHOLE_MODEL, key, value);
    return c.json(await answer(repository, name));
  });
  app.get('/mlflow/registered-models/get', async (c) => {
    const { name } = await fieldsOf(c, Named);
    return c.json(await answer(await openRepository(context, c.var.principal, modelRepository(name)), name));
  });
  app.patch('/mlflow/registered-models/update', async (c) => {
    const { name, description } = await fieldsOf(c, Named.extend({ description: Text.default('') }));
    const repository = await openRepository(context, c.var.principal, modelRepository(name), 'write');
    await describeModel(context, c.var.principal, repository, WHOLE_MODEL, description);
    return c.json(await answer(repository, name));
  });
  app.post('/mlflow/registered-models/rename', async (c) => {
    const { name, new_name } = await fieldsOf(c, Named.extend({ new_name: ModelName }));
    await moveRepository(context, c.var.principal, modelRepository(name), modelRepository(new_name));
    return c.json(await answer(await openRepository(context, c.var.principal, modelRepository(new_name)), new_name));
  });
  app.delete('/mlflow/registered-models/delete', async (c) => {
    const { name } = await fieldsOf(c, Named);
    await deleteRepository(context, c.var.principal, modelRepository(name));
    return c.json({});
  });
  for (const method of ['GET', 'POST'] as const) {
    app.on(method, '/mlflow/registered-models/get-latest-versions', async (c) => {
      const { name, stages } = await fieldsOf(c, Named.extend({ stages: listOf(z.string().max(64), 20) }));
      const repository = await openRepository(context, c.var.principal, modelRepository(name));
      return c.json({ model_versions: await latestMessages(context, repository, () => name, stages) });
    });
  }
  app.post('/mlflow/registered-models/set-tag', async (c) => {
    const { name, key, value } = await fieldsOf(c, Named.extend(KeyValue.shape));
    const repository = await openRepository(context, c.var.principal, modelRepository(name), 'write');
    await tagModel(context, c.var.principal, repository, WHOLE_MODEL, key, value);
    return c.json({});
  });
  app.delete('/mlflow/registered-models/delete-tag', async (c) => {
    const { name, key } = await fieldsOf(c, Named.extend({ key: Key }));
    const repository = await openRepository(context, c.var.principal, modelRepository(name), 'write');
    await tagModel(context, c.var.principal, repository, WHOLE_MODEL, key, undefined);
    return c.json({});
  });
  addAliasRoutes(app, context);
}

function addAliasRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/mlflow/registered-models/alias', async (c) => {
    const { name, alias, version } = await fieldsOf(c, Named.extend({ alias: AliasName, version: VersionNumber }));
    const repository = await openRepository(context, c.var.principal, modelRepository(name), 'write');
    await setAlias(context, c.var.principal, repository, alias, await openVersion(context, repository, version));
    return c.json({});
  });
  app.delete('/mlflow/registered-models/alias', async (c) => {
    const { name, alias } = await fieldsOf(c, Named.extend({ alias: AliasName }));
    await deleteAlias(context, c.var.principal, await openRepository(context, c.var.principal, modelRepository(name), 'write'), alias);
    return c.json({});
  });
  app.get('/mlflow/registered-models/alias', async (c) => {
    const { name, alias } = await fieldsOf(c, Named.extend({ alias: AliasName }));
    const repository = await openRepository(context, c.var.principal, modelRepository(name));
    const version = await openVersion(context, repository, await resolveAlias(context, repository, alias));
    const [model_version] = await versionMessages(context, [{ repository, version }], () => name);
    return c.json({ model_version });
  });
}
