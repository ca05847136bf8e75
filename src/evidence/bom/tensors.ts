import type { Artifact } from '../../core/artifact.ts';
import type { Fields, Known } from './bill.ts';

/** What is known of a file from its bytes. */
export type MeasuredArtifact = Pick<Artifact, 'path' | 'format' | 'size' | 'facts'>;

interface Sum {
  count: number;
  parameters: number;
  bytes: number;
  readonly dtypes: Record<string, number>;
  readonly paths: string[];
}

/** `-00001-of-00002` and `consolidated.00.pth`. Why not for GGUF: there the number before the ending is a kind of quantisation. */
const SHARD = /-\d+-of-\d+|[._-]\d{1,5}(?=\.(?!gguf$)[a-z0-9]+$)/i;

/**
 * Parameters, tensors and types as they lie in the bytes. The same weights are often kept several times, in several formats, types and
 * quantisations: shards of one file add up, so do folders, and otherwise what has the most parameters counts.
 */
export function measuredTensors(artifacts: readonly MeasuredArtifact[]): Pick<Fields, 'parameters' | 'tensors' | 'dtypes' | 'bytes'> {
  const folders = new Map<string, Map<string, MeasuredArtifact[]>>();
  for (const artifact of artifacts) {
    const folder = `${artifact.format} ${artifact.path.slice(0, artifact.path.lastIndexOf('/') + 1)}`;
    const sets = folders.get(folder) ?? new Map<string, MeasuredArtifact[]>();
    folders.set(folder, sets);
    const set = artifact.path.replace(SHARD, '');
    sets.set(set, [...(sets.get(set) ?? []), artifact]);
  }
  const counted = [...folders.values()].map((sets) => [...sets.values()].map((set) => ({ set, sum: parametersOf(set) })));
  return summed(counted.flatMap((sets) => sets.toSorted((a, b) => b.sum - a.sum)[0]?.set ?? []));
}

function parametersOf(artifacts: readonly MeasuredArtifact[]): number {
  return artifacts.reduce((sum, artifact) => sum + (summed([artifact]).parameters?.value ?? 0), 0);
}

function summed(artifacts: readonly MeasuredArtifact[]): Pick<Fields, 'parameters' | 'tensors' | 'dtypes' | 'bytes'> {
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
