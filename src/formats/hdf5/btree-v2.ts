import { malformed } from '../../core/errors.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';

const NODE_OVERHEAD = 10;
/** Why: a tree of depth 16 would hold more records than a file of 2^64 bytes. */
const MAX_DEPTH = 16;

/** The records of a version 2 B-tree, leaves and inner nodes alike. Each node is read once, so that cycles end. */
export function* walkBtreeV2(file: Hdf5File, address: number): Generator<{ readonly type: number; readonly record: Cursor }> {
  const head = file.cursor(address, 4 + 1 + 1 + 4 + 2 + 2 + 2 + file.sizes.offsets + 2 + file.sizes.lengths);
  head.expect('BTHD');
  head.version('B-tree', 0);
  const type = head.u8();
  const nodeBytes = head.u32();
  const recordBytes = head.u16();
  const depth = head.u16();
  head.skip(2);
  const root = head.address();
  const rootRecords = head.u16();
  if (root === undefined || rootRecords === 0) return;
  if (depth > MAX_DEPTH || recordBytes === 0 || nodeBytes <= NODE_OVERHEAD) throw malformed('HDF5 B-tree header', file.base + address);
  const pointers = pointerSizes(file, nodeBytes, recordBytes, depth);
  const nodes = [{ address: root, records: rootRecords, depth }];
  const seen = new Set<number>();
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (seen.has(node.address)) continue;
    seen.add(node.address);
    const body = file.over(file.readUpTo(node.address, nodeBytes));
    body.expect(node.depth === 0 ? 'BTLF' : 'BTIN');
    body.version('B-tree node', 0);
    if (body.u8() !== type) throw malformed('HDF5 B-tree node of another type', file.base + node.address);
    for (let i = 0; i < node.records; i++) {
      file.budget.charge('steps');
      yield { type, record: file.over(body.take(recordBytes)) };
    }
    for (let i = 0; node.depth > 0 && i <= node.records; i++) {
      const child = body.definedAddress();
      const records = body.uint(pointers[0]?.records ?? 1);
      body.skip(pointers[node.depth - 1]?.total ?? 0);
      nodes.push({ address: child, records, depth: node.depth - 1 });
    }
  }
}

/** Bytes the counts beside a child pointer take, by the depth of the child: as wide as the largest count needs. */
function pointerSizes(file: Hdf5File, nodeBytes: number, recordBytes: number, depth: number): { records: number; total: number }[] {
  const leafRecords = Math.floor((nodeBytes - NODE_OVERHEAD) / recordBytes);
  const records = bytesFor(leafRecords);
  const sizes = [{ records, total: 0 }];
  let most = leafRecords;
  for (let level = 1; level < depth; level++) {
    const pointer = file.sizes.offsets + records + (sizes[level - 1]?.total ?? 0);
    const perNode = Math.floor((nodeBytes - NODE_OVERHEAD - pointer) / (recordBytes + pointer));
    most = (perNode + 1) * most + perNode;
    sizes.push({ records, total: bytesFor(most) });
  }
  return sizes;
}

function bytesFor(value: number): number {
  return value < 1 ? 1 : Math.floor(Math.log2(value) / 8) + 1;
}
