import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { ARCHIVED } from '../../engine/registry/withdraw-version.ts';

/** What MLflow calls no stage. */
const NONE = 'None';

/** A stage that an MLflow client names: one of the registry, or one that nothing guards. Throws `request.invalid`. */
export function stageOf(
  context: RegistryContext,
  name: string,
): { readonly promoteTo: string } | { readonly leaveTo: '' | typeof ARCHIVED } {
  const wanted = name.toLowerCase();
  if (wanted === 'none') return { leaveTo: '' };
  const { mlflow, stages } = context.config.registry;
  const written = Object.entries(mlflow.stages).find(([theirs]) => theirs.toLowerCase() === wanted)?.[1];
  const stage = stages.find((one) => one.name === (written ?? wanted));
  if (stage !== undefined) return { promoteTo: stage.name };
  if (wanted === ARCHIVED) return { leaveTo: ARCHIVED };
  const known = [NONE, ...Object.keys(mlflow.stages), 'Archived'].join(', ');
  throw new CordonError('request.invalid', `Invalid Model Version stage: ${name.slice(0, 64)}. Value must be one of ${known}.`);
}

/** What MLflow clients call a stage of the registry. */
export function stageName(context: RegistryContext, stage: string): string {
  if (stage === '') return NONE;
  if (stage === ARCHIVED) return 'Archived';
  return Object.entries(context.config.registry.mlflow.stages).find(([, ours]) => ours === stage)?.[0] ?? stage;
}
