import type { Fact } from '../../core/artifact.ts';
import { factText, type Property, property } from './property.ts';

/** Fields of `modelParameters` and the facts they are filled from. */
const PARAMETERS = [
  ['task', 'task'],
  ['architectureFamily', 'architecture'],
  ['modelArchitecture', 'architecture.name'],
] as const;

/** What is known of the model itself; for every field a property says whether it was measured or declared. */
export function modelCardOf(facts: readonly Fact[]): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  const properties: Property[] = [];
  const take = (field: string, fact: Fact, value: unknown): void => {
    parameters[field] = value;
    properties.push(property(`cordon:basis:modelParameters.${field}`, fact.basis));
  };
  for (const [field, name] of PARAMETERS) {
    const fact = best(facts, name);
    if (fact !== undefined) take(field, fact, factText(fact.value));
  }
  for (const field of ['inputs', 'outputs'] as const) {
    const fact = best(facts, field);
    if (fact !== undefined) take(field, fact, formatsOf(fact.value));
  }
  properties.push(...tensorProperties(facts));
  return {
    ...(Object.keys(parameters).length === 0 ? {} : { modelParameters: parameters }),
    ...(properties.length === 0 ? {} : { properties }),
  };
}

/** Measured beats declared; of equals the outermost. */
function best(facts: readonly Fact[], name: string): Fact | undefined {
  const named = facts.filter((fact) => fact.name === name);
  return named.find((fact) => fact.basis === 'measured') ?? named[0];
}

function formatsOf(value: Fact['value']): { format: string }[] {
  return (Array.isArray(value) ? value : [value]).map((item) => ({ format: factText(item) }));
}

/** Tensors, parameters and the parameters or tensors of each type, summed over all members. */
function tensorProperties(facts: readonly Fact[]): Property[] {
  const sums = new Map<string, number>();
  const bases = new Set<string>();
  for (const { name, basis, value } of facts) {
    if (name !== 'tensors' || typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    bases.add(basis);
    add(sums, 'count', value['count']);
    add(sums, 'parameters', value['parameters']);
    for (const [dtype, amount] of Object.entries(value['dtypes'] ?? {})) add(sums, `dtypes.${dtype}`, amount);
  }
  const basis = bases.has('declared') ? 'declared' : 'measured';
  return [...sums].flatMap(([field, sum]) => [
    property(`cordon:tensors.${field}`, String(sum)),
    property(`cordon:basis:tensors.${field}`, basis),
  ]);
}

function add(sums: Map<string, number>, field: string, amount: unknown): void {
  if (typeof amount === 'number') sums.set(field, (sums.get(field) ?? 0) + amount);
}
