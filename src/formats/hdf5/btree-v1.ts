import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';

/**
 * The leaf entries of a version 1 B-tree in order: the key before each child, and the child. `type` 0 indexes the names of
 * a group, 1 the chunks of a dataset. Each node is read once, so that cycles end.
 */
export function* walkBtreeV1(
  file: Hdf5File,
  root: number,
  type: 0 | 1,
  keyBytes: number,
): Generator<{ readonly key: Cursor; readonly child: number }> {
  const nodes = [root];
  const seen = new Set<number>();
  for (let address = nodes.pop(); address !== undefined; address = nodes.pop()) {
    if (seen.has(address)) continue;
    seen.add(address);
    const head = file.cursor(address, 8 + 2 * file.sizes.offsets);
    head.expect('TREE');
    if (head.u8() !== type) throw malformed('HDF5 B-tree node of another type', file.base + address);
    const level = head.u8();
    const entries = head.u16();
    const entryBytes = keyBytes + file.sizes.offsets;
    const body = file.cursor(address + head.bytes.length, entries * entryBytes);
    const children: number[] = [];
    for (let i = 0; i < entries; i++) {
      file.budget.charge('steps');
      const key = file.over(body.take(keyBytes));
      const child = body.definedAddress();
      if (level === 0) yield { key, child };
      else children.push(child);
    }
    nodes.push(...children.toReversed());
  }
}
