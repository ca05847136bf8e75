import { crc32 } from 'node:zlib';

/** What a frame of the journal carries: a record, a record with its sealed content, a wrapped key of contents, or nothing at all. */
export const FRAME = { record: 1, sealed: 2, key: 3, empty: 4 } as const;
export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

/** One frame as it was read. */
export interface Frame {
  readonly kind: FrameKind;
  /** Counts from 1 through all segments of a run. */
  readonly sequence: number;
  /** Only as long as the buffer that it was read from. */
  readonly payload: Buffer;
}

/** "CaJ1". Why: after damage the next frame is found by it. */
const MAGIC = 0x43614a31;
/** Length of what stands before the payload. */
export const HEADER_BYTES = 19;
/** Why: a length that was damaged must not make the reader wait for gigabytes. Twice the largest content, sealed, and its record. */
export const MAX_PAYLOAD_BYTES = 16 * 1_048_576;

/** Bytes of a frame: magic, length, CRC-32 over the rest, sequence number (48 bits), kind, payload. */
export function encodeFrame(kind: FrameKind, sequence: number, payload: Uint8Array | string): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(length, 4);
  frame.writeUIntLE(sequence, 12, 6);
  frame[18] = kind;
  if (typeof payload === 'string') frame.write(payload, HEADER_BYTES);
  else frame.set(payload, HEADER_BYTES);
  frame.writeUInt32LE(crc32(frame.subarray(12)), 8);
  return frame;
}

/** What became of reading one frame: it, that more bytes are needed, or that the bytes are none. */
export type FrameRead = { readonly frame: Frame; readonly end: number } | 'incomplete' | 'damaged';

/** Reads the frame that starts at `at`. */
export function readFrame(bytes: Buffer, at: number): FrameRead {
  if (bytes.length - at < HEADER_BYTES) return 'incomplete';
  const length = bytes.readUInt32LE(at + 4);
  if (bytes.readUInt32LE(at) !== MAGIC || length > MAX_PAYLOAD_BYTES) return 'damaged';
  const end = at + HEADER_BYTES + length;
  if (end > bytes.length) return 'incomplete';
  if (crc32(bytes.subarray(at + 12, end)) !== bytes.readUInt32LE(at + 8)) return 'damaged';
  const kind = bytes[at + 18] as FrameKind;
  return { frame: { kind, sequence: bytes.readUIntLE(at + 12, 6), payload: bytes.subarray(at + HEADER_BYTES, end) }, end };
}

const MAGIC_BYTES = Buffer.from([0x31, 0x4a, 0x61, 0x43]);

/** Where the next whole frame starts after damage at `at`; undefined when there is none in these bytes. */
export function nextFrame(bytes: Buffer, at: number): number | undefined {
  for (let from = at + 1; ; from++) {
    const found = bytes.indexOf(MAGIC_BYTES, from);
    if (found === -1) return undefined;
    if (typeof readFrame(bytes, found) === 'object') return found;
    from = found;
  }
}
