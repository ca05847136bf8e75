import type { Json } from '../../core/artifact.ts';
import type { ResourceDescriptor } from '../attestations/resource-descriptor.ts';
import { readTraining } from '../attestations/read-training.ts';
import type { VerifiedAttestation } from '../attestations/verify-attestation.ts';
import { signerText } from '../signature/verified.ts';
import type { Bill, Fields, Input, Known } from './bill.ts';

/** What trusted signers say of how a model was made. */
export interface AttestedParts {
  readonly fields: Fields;
  readonly baseModels: readonly Known<Input>[];
  readonly datasets: readonly Known<Input>[];
  readonly tools: Bill['tools'];
}

/** Takes the parts of a bill from provenance; of several training runs the first counts for single values. */
export function attestedParts(attestations: readonly VerifiedAttestation[]): AttestedParts {
  const parts = {
    fields: {} as Fields,
    baseModels: [] as Known<Input>[],
    datasets: [] as Known<Input>[],
    tools: [] as (Known<Input> & { role: string })[],
  };
  for (const { statement, signer } of attestations) {
    const training = readTraining(statement);
    if (training === undefined) continue;
    const known = <Value>(value: Value): Known<Value> => ({ value, basis: 'attested', source: signerText(signer) });
    for (const { role, resource } of training.inputs) {
      const input = known(inputOf(resource));
      if (role === 'base-model') parts.baseModels.push(input);
      else if (role === 'dataset') parts.datasets.push(input);
      else parts.tools.push({ ...input, role });
    }
    const { buildDefinition, runDetails } = training.provenance;
    const hyperparameters = objectOf(buildDefinition.externalParameters['hyperparameters']);
    const metrics = objectOf(runDetails.byproducts.find(({ name }) => name === 'metrics')?.annotations?.['values']);
    const environment = objectOf(buildDefinition.internalParameters);
    const finishedOn = runDetails.metadata?.finishedOn;
    parts.fields = {
      builder: known(runDetails.builder.id),
      ...(hyperparameters !== undefined && { hyperparameters: known(hyperparameters) }),
      ...(metrics !== undefined && { metrics: known(metrics) }),
      ...(environment !== undefined && { environment: known(environment) }),
      ...(finishedOn !== undefined && { trainedAt: known(finishedOn) }),
      ...parts.fields,
    };
  }
  return parts;
}

function inputOf({ name, uri, digest }: ResourceDescriptor): Input {
  const sha256 = digest?.['sha256'];
  return { name: name ?? uri ?? sha256 ?? '', ...(uri !== undefined && { uri }), ...(sha256 !== undefined && { sha256 }) };
}

function objectOf(value: unknown): Readonly<Record<string, Json>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  return isObject ? (value as Readonly<Record<string, Json>>) : undefined;
}
