import * as z from 'zod';
import { PREDICATES, TRAINING_BUILD_TYPE } from './predicate-types.ts';
import { ResourceDescriptor } from './resource-descriptor.ts';
import type { Statement } from './statement.ts';
import { ROLE_ANNOTATION, type Role } from './training.ts';

const Provenance = z.object({
  buildDefinition: z.object({
    buildType: z.string(),
    externalParameters: z.record(z.string(), z.json()).default({}),
    internalParameters: z.record(z.string(), z.json()).default({}),
    resolvedDependencies: z.array(ResourceDescriptor).max(20_000).default([]),
  }),
  runDetails: z.object({
    builder: z.object({ id: z.string() }),
    metadata: z
      .object({ invocationId: z.string().optional(), startedOn: z.string().optional(), finishedOn: z.string().optional() })
      .optional(),
    byproducts: z.array(ResourceDescriptor).max(20_000).default([]),
  }),
});
export type Provenance = z.infer<typeof Provenance>;

/** A dependency of a training run and the part it played. */
export interface TrainingInput {
  readonly role: Role;
  readonly resource: ResourceDescriptor;
}

/** What a provenance statement says of a training run; undefined when it is about something else or cannot be read. */
export function readTraining({
  predicateType,
  predicate,
}: Statement): { readonly provenance: Provenance; readonly inputs: readonly TrainingInput[] } | undefined {
  if (predicateType !== PREDICATES.training) return undefined;
  const parsed = Provenance.safeParse(predicate);
  if (!parsed.success || parsed.data.buildDefinition.buildType !== TRAINING_BUILD_TYPE) return undefined;
  const inputs = parsed.data.buildDefinition.resolvedDependencies.flatMap((resource) => {
    const role = resource.annotations?.[ROLE_ANNOTATION];
    return isRole(role) ? [{ role, resource }] : [];
  });
  return { provenance: parsed.data, inputs };
}

function isRole(value: unknown): value is Role {
  return value === 'base-model' || value === 'dataset' || value === 'container' || value === 'lockfile' || value === 'code';
}
