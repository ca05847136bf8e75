import { type FlatFields, bytes, flatBuffer, i32, i32s, table, tables, text, u8, u64, u64s } from './flatbuffer.ts';

/** An ExecuTorch program with one method, one constant tensor and one kernel call, changed as the case needs. */
export interface ExecuTorchParts {
  readonly tensor?: FlatFields;
  readonly call?: FlatFields;
  readonly plan?: FlatFields;
  readonly segment?: FlatFields;
  readonly root?: FlatFields;
  /** Where the header says that the segments begin; by default behind the flatbuffer. */
  readonly segmentBase?: bigint;
}

const SEGMENT = Buffer.alloc(64);

export function executorchProgram({ tensor = {}, call = {}, plan = {}, segment = {}, root = {}, segmentBase }: ExecuTorchParts): Buffer {
  const fields: FlatFields = {
    0: i32(0),
    1: tables({
      0: text('forward'),
      2: tables({ 0: u8(5), 1: table({ 0: u8(6), 2: i32s(2, 2), 3: bytes(Buffer.of(0, 1)), 5: i32(1), ...tensor }) }),
      3: i32s(),
      4: i32s(0),
      5: tables({ 2: tables({ 0: u8(1), 1: table({ 0: i32(0), 1: i32s(0), ...call }) }) }),
      6: tables({ 0: text('aten::add'), 1: text('out') }),
      ...plan,
    }),
    4: tables({ 0: u64(0), 1: u64(SEGMENT.length), ...segment }),
    5: table({ 0: i32(0), 1: u64s(0, 16) }),
    ...root,
  };
  const size = flatBuffer('ET12', fields, Buffer.alloc(24)).length;
  const header = Buffer.alloc(24);
  header.write('eh00', 0);
  header.writeUInt32LE(24, 4);
  header.writeBigUInt64LE(BigInt(size), 8);
  header.writeBigUInt64LE(segmentBase ?? BigInt(size), 16);
  return Buffer.concat([flatBuffer('ET12', fields, header), SEGMENT]);
}
