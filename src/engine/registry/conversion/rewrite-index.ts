import * as z from 'zod';

const Index = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * The index of a sharded checkpoint with the shards under their new names. `renamed`: by the names it lists, which are beside
 * it. Undefined: it is none, or lists a shard that has no new name.
 */
export function rewriteIndex(text: string, renamed: ReadonlyMap<string, string>): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const index = Index.safeParse(value);
  if (!index.success) return undefined;
  const entries = Object.entries(index.data.weight_map).map(([tensor, shard]) => [tensor, renamed.get(shard)] as const);
  if (entries.some(([, shard]) => shard === undefined)) return undefined;
  return `${JSON.stringify({ ...index.data, weight_map: Object.fromEntries(entries) }, null, 2)}\n`;
}
