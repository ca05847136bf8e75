/** The lines of one tree that refer to something: key -> text of its numbers. */
export type TreeLines = ReadonlyMap<string, string>;

/** Says what is wrong with a tree; undefined when all its references stay inside it. */
export function treeFault(tree: TreeLines, maxFeature: number): { key: string; message: string } | undefined {
  const leaves = Number(tree.get('num_leaves'));
  if (!Number.isInteger(leaves) || leaves < 1) return { key: 'leaves', message: `it has ${tree.get('num_leaves')} leaves` };
  if (leaves === 1) return undefined;
  for (const key of ['split_feature', 'left_child', 'right_child']) {
    const numbers = (tree.get(key) ?? '').split(' ').filter((text) => text !== '');
    if (numbers.length !== leaves - 1) return { key: 'count', message: `${key} has ${numbers.length} entries for ${leaves} leaves` };
    const [least, most] = key === 'split_feature' ? [0, maxFeature] : [-leaves, leaves - 2];
    const wrong = numbers.find((text) => !(Number.isInteger(Number(text)) && Number(text) >= least && Number(text) <= most));
    if (wrong !== undefined) return { key, message: `${key} has the entry ${wrong.slice(0, 30)}` };
  }
  return undefined;
}
