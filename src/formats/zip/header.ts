import type { ByteSource } from '../../core/source.ts';
import { hasBytes, latin1, utf8, viewOf } from '../bytes/read.ts';
import { uint64 } from './end-record.ts';

/** Length of a local header without name and extra field. */
export const LOCAL_SIZE = 30;
/** Length of a central header without name, extra field and comment. */
export const CENTRAL_SIZE = 46;
/** Read at once: enough for the padding that torch writes to align tensors. */
const LOCAL_GUESS = 512;
const SATURATED = 0xffff_ffff;

/** General purpose flag bits. */
export const FLAG = { encrypted: 0x1, descriptor: 0x8, patch: 0x20, strong: 0x40, masked: 0x2000 } as const;

/** What local and central headers both say of a member. */
export interface Header {
  readonly name: string;
  /** The bytes of the name, one UTF-16 unit a byte: what is compared. */
  readonly rawName: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
}

/** A central directory entry. */
export interface CentralHeader extends Header {
  /** Offset of the local header in the source. */
  readonly localOffset: number;
  /** High byte of "version made by": 3 is Unix, 19 macOS. */
  readonly system: number;
  /** On Unix the file mode is in the upper half. */
  readonly attributes: number;
  readonly length: number;
}

/** The header in front of a member's content. */
export interface LocalHeader extends Header {
  readonly offset: number;
  readonly dataStart: number;
}

/** The central header at the start of `bytes`; undefined when there is none or it is cut off. */
export function parseCentral(bytes: Uint8Array, shift: number): CentralHeader | undefined {
  if (bytes.length < CENTRAL_SIZE || !hasBytes(bytes, 'PK\x01\x02')) return undefined;
  const view = viewOf(bytes);
  const nameEnd = CENTRAL_SIZE + view.getUint16(28, true);
  const extraEnd = nameEnd + view.getUint16(30, true);
  const length = extraEnd + view.getUint16(32, true);
  if (bytes.length < length) return undefined;
  const extra = zip64Values(bytes.subarray(nameEnd, extraEnd));
  // The extra field holds, in this order, only those values that are saturated in the header.
  const size = widen(view.getUint32(24, true), extra);
  const compressedSize = widen(view.getUint32(20, true), extra);
  const localOffset = widen(view.getUint32(42, true), extra);
  return {
    ...names(bytes.subarray(CENTRAL_SIZE, nameEnd)),
    flags: view.getUint16(8, true),
    method: view.getUint16(10, true),
    crc: view.getUint32(16, true),
    compressedSize,
    size,
    localOffset: localOffset + shift,
    system: bytes[5] as number,
    attributes: view.getUint32(38, true),
    length,
  };
}

/** The local header at `offset`; undefined when there is none or it is cut off. */
export function readLocal(source: ByteSource, offset: number): LocalHeader | undefined {
  if (!(offset >= 0)) return undefined;
  let bytes = source.read(offset, LOCAL_GUESS);
  if (bytes.length < LOCAL_SIZE || !hasBytes(bytes, 'PK\x03\x04')) return undefined;
  const nameEnd = LOCAL_SIZE + viewOf(bytes).getUint16(26, true);
  const end = nameEnd + viewOf(bytes).getUint16(28, true);
  if (end > bytes.length) bytes = source.read(offset, end);
  if (bytes.length < end) return undefined;
  const view = viewOf(bytes);
  const extra = zip64Values(bytes.subarray(nameEnd, end));
  const size = widen(view.getUint32(22, true), extra);
  const compressedSize = widen(view.getUint32(18, true), extra);
  return {
    ...names(bytes.subarray(LOCAL_SIZE, nameEnd)),
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    compressedSize,
    size,
    offset,
    dataStart: offset + end,
  };
}

function names(bytes: Uint8Array): Pick<Header, 'name' | 'rawName'> {
  const rawName = latin1(bytes);
  const name = utf8(bytes);
  return { name: name.includes('\uFFFD') ? rawName : name, rawName };
}

/** The values of the zip64 extra field (id 1), to be taken one by one. */
function zip64Values(extra: Uint8Array): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      const values: number[] = [];
      for (let to = at + 4; to + 8 <= Math.min(end, extra.length); to += 8) values.push(uint64(view, to));
      return values;
    }
    at = end;
  }
  return [];
}

function widen(value: number, extra: number[]): number {
  return value === SATURATED ? (extra.shift() ?? value) : value;
}
