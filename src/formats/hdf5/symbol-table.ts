import { walkBtreeV1 } from './btree-v1.ts';
import type { Hdf5File } from './file.ts';
import type { Link } from './links.ts';
import { LocalHeap } from './local-heap.ts';

const CACHED_SOFT_LINK = 2;

/** The links of an old-style group: symbol table nodes below a version 1 B-tree, names in a local heap. */
export function* readSymbolTable(file: Hdf5File, btree: number, heapAddress: number): Generator<Link> {
  const heap = new LocalHeap(file, heapAddress);
  const seen = new Set<number>();
  for (const { child } of walkBtreeV1(file, btree, 0, file.sizes.lengths)) {
    if (seen.has(child)) continue;
    seen.add(child);
    const head = file.cursor(child, 8);
    head.expect('SNOD');
    head.version('symbol table node', 1);
    head.skip(1);
    const count = head.u16();
    const entryBytes = 2 * file.sizes.offsets + 24;
    const entries = file.cursor(child + 8, count * entryBytes);
    for (let i = 0; i < count; i++) {
      file.budget.charge('steps');
      const name = heap.text(entries.uint(file.sizes.offsets));
      const address = entries.address();
      const cached = entries.u32();
      entries.skip(4);
      const scratch = file.over(entries.take(16));
      if (cached === CACHED_SOFT_LINK) yield { name, kind: 'soft', target: heap.text(scratch.u32()) };
      else if (address !== undefined) yield { name, kind: 'hard', address };
    }
  }
}
