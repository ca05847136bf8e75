import type { ByteSource } from '../../core/source.ts';
import { ByteCursor } from '../../formats/bytes/cursor.ts';
import { readNumber } from '../../formats/ubjson/walk.ts';

/** Where the numbers of an array lie. */
interface NumberArray {
  readonly type: string;
  readonly offset: number;
  readonly count: number;
}

/** What has been read of one tree. */
export interface Tree {
  readonly arrays: Map<string, NumberArray>;
  nodes?: number;
}

/** Says what is wrong with a tree; undefined when all its references stay inside it. */
export function treeFault(
  { arrays, nodes }: Tree,
  features: number | undefined,
  source: ByteSource,
): { key: string; message: string } | undefined {
  const left = arrays.get('left_children');
  const right = arrays.get('right_children');
  const split = arrays.get('split_indices');
  if (!left || !right) return undefined;
  const count = left.count;
  if (right.count !== count || (split && split.count !== count) || (nodes !== undefined && nodes !== count)) {
    return {
      key: 'count',
      message: `its arrays have ${left.count}, ${right.count} and ${split?.count ?? 0} entries for ${nodes ?? '?'} nodes`,
    };
  }
  const [lefts, rights, splits] = [left, right, split].map((array) => array && new ByteCursor(source, array.offset));
  for (let node = 0; node < count; node++) {
    const [a, b] = [numberAt(lefts, left), numberAt(rights, right)];
    const feature = split && numberAt(splits, split);
    if (a < -1 || a >= count || b < -1 || b >= count)
      return { key: 'child', message: `node ${node} has the children ${a} and ${b} of ${count} nodes` };
    if (a !== -1 && feature !== undefined && (feature < 0 || (features !== undefined && feature >= features))) {
      return { key: 'feature', message: `node ${node} asks for feature ${feature} of ${features ?? '?'}` };
    }
  }
  return undefined;
}

function numberAt(cursor: ByteCursor | undefined, { type }: NumberArray): number {
  return (cursor && readNumber(cursor, type)) ?? Number.NaN;
}
