import type { Principal } from '../../identity/permission.ts';
import { mayRead } from '../../engine/registry/authorize.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { labelsOf } from '../../engine/registry/tracking/labels.ts';
import type { LoggedModel } from '../../engine/registry/tracking/logged-models.ts';
import { latestMetrics } from '../../engine/registry/tracking/metrics.ts';
import { registrationsOf } from '../../engine/registry/tracking/registrations.ts';
import type { LoggedModelParts } from './messages.ts';
import { modelName } from './model-names.ts';

/** Everything messages about logged models say. */
export async function loggedModelParts(
  context: RegistryContext,
  principal: Principal,
  models: readonly LoggedModel[],
): Promise<LoggedModelParts[]> {
  const { db } = context.store;
  const ids = models.map(({ id }) => id);
  const [params, tags, metrics, registrations] = await Promise.all([
    labelsOf(db, 'mlflow_param', ids),
    labelsOf(db, 'mlflow_tag', ids),
    latestMetrics(db, ids),
    registrationsOf(db, ids),
  ]);
  return models.map((model) => ({
    model,
    params: params.get(model.id) ?? [],
    tags: tags.get(model.id) ?? [],
    metrics: metrics.get(model.id) ?? [],
    registrations: (registrations.get(model.id) ?? [])
      .filter((one) => mayRead(principal, one))
      .map((one) => ({ name: modelName(one), version: one.version })),
  }));
}
