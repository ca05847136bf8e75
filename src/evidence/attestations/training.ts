import * as z from 'zod';
import { TRAINING_BUILD_TYPE } from './predicate-types.ts';
import { DigestSet, ResourceDescriptor } from './resource-descriptor.ts';

const Text = z.string().min(1).max(10_000);
const Time = z.iso.datetime({ offset: true });
/** Hyper-parameters, metrics: plain values by name. */
const Values = z.record(z.string().max(200), z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]));

/** Something the run used. A digest is demanded: what is only named may be anything by tomorrow. */
const Material = z.strictObject({
  name: Text.optional(),
  uri: Text.optional(),
  digest: DigestSet,
  annotations: z.record(z.string(), z.json()).optional(),
});

/** What there is to say about a training run (`cordon attest --type training --from FILE`). */
export const TrainingRun = z
  .strictObject({
    builder: z
      .strictObject({ id: z.url().or(z.string().regex(/^urn:/)), version: z.record(z.string(), z.string()).optional() })
      .describe('what ran it'),
    invocation: Text.optional().describe('id of the run, for example of the MLflow run'),
    startedOn: Time.optional(),
    finishedOn: Time.optional(),
    code: z.strictObject({ uri: Text, digest: DigestSet, entryPoint: Text.optional() }).optional().describe('repository and commit'),
    config: ResourceDescriptor.optional(),
    hyperparameters: Values.default({}),
    environment: Values.default({}).describe('seed, GPU, framework: what the builder chose'),
    baseModels: z.array(Material).max(100).default([]),
    datasets: z.array(Material).max(10_000).default([]),
    container: Material.optional(),
    lockfiles: z.array(Material).max(100).default([]),
    metrics: Values.default({}),
    logs: z.array(ResourceDescriptor).max(1000).default([]),
  })
  .describe('a training run');
export type TrainingRun = z.infer<typeof TrainingRun>;

/** What part a dependency played; the annotation readers find it by. */
export type Role = 'base-model' | 'dataset' | 'container' | 'lockfile' | 'code';
export const ROLE_ANNOTATION = 'cordon:role';

/** The SLSA provenance predicate (v1) of a training run. */
export function trainingPredicate(run: TrainingRun): object {
  const dependencies = [
    ...run.baseModels.map((material) => withRole('base-model', material)),
    ...run.datasets.map((material) => withRole('dataset', material)),
    ...(run.container === undefined ? [] : [withRole('container', run.container)]),
    ...run.lockfiles.map((material) => withRole('lockfile', material)),
    ...(run.code === undefined ? [] : [withRole('code', { uri: run.code.uri, digest: run.code.digest })]),
  ];
  const metrics = Object.keys(run.metrics).length === 0 ? [] : [{ name: 'metrics', annotations: { values: run.metrics } }];
  return {
    buildDefinition: {
      buildType: TRAINING_BUILD_TYPE,
      externalParameters: {
        ...(run.code !== undefined && { source: { uri: run.code.uri, digest: run.code.digest, entryPoint: run.code.entryPoint } }),
        ...(run.config !== undefined && { config: run.config }),
        hyperparameters: run.hyperparameters,
      },
      internalParameters: run.environment,
      resolvedDependencies: dependencies,
    },
    runDetails: {
      builder: run.builder,
      metadata: { invocationId: run.invocation, startedOn: run.startedOn, finishedOn: run.finishedOn },
      byproducts: [...metrics, ...run.logs],
    },
  };
}

function withRole(role: Role, material: ResourceDescriptor): ResourceDescriptor {
  return { ...material, annotations: { ...material.annotations, [ROLE_ANNOTATION]: role } };
}
