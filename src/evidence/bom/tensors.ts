import type { Artifact } from '../../core/artifact.ts';
import type { Fields, Known } from './bill.ts';

interface Sum {
  count: number;
  parameters: number;
  bytes: number;
  readonly dtypes: Record<string, number>;
  readonly paths: string[];
}

/**
 * Parameters, tensors and types as they lie in the bytes. The same weights are often kept in several formats: files of one format
 * add up, and the format with the most parameters counts.
 */
export function measuredTensors(artifacts: readonly Artifact[]): Pick<Fields, 'parameters' | 'tensors' | 'dtypes' | 'bytes'> {
  const sums = new Map<string, Sum>();
  for (const { path, format, size, facts } of artifacts) {
    for (const { name, basis, value } of facts) {
      if (name !== 'tensors' || basis !== 'measured' || typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      const sum = sums.get(format) ?? { count: 0, parameters: 0, bytes: 0, dtypes: {}, paths: [] };
      sums.set(format, sum);
      const { count, parameters, dtypes } = value as Readonly<Record<string, unknown>>;
      sum.count += amount(count);
      sum.parameters += amount(parameters);
      if (!sum.paths.includes(path)) {
        sum.paths.push(path);
        sum.bytes += size ?? 0;
      }
      for (const [dtype, number] of Object.entries(dtypes ?? {})) sum.dtypes[dtype] = (sum.dtypes[dtype] ?? 0) + amount(number);
    }
  }
  const [best] = [...sums.values()].sort((a, b) => b.parameters - a.parameters || b.count - a.count);
  if (best === undefined) return {};
  const source = best.paths.length === 1 ? (best.paths[0] ?? '') : `${best.paths[0]} and ${best.paths.length - 1} more`;
  const known = <Value>(value: Value): Known<Value> => ({ value, basis: 'measured', source });
  return {
    tensors: known(best.count),
    bytes: known(best.bytes),
    ...(best.parameters > 0 && { parameters: known(best.parameters) }),
    ...(Object.keys(best.dtypes).length > 0 && { dtypes: known(best.dtypes) }),
  };
}

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}
