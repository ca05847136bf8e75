import { CordonError, malformed } from '../../core/errors.ts';
import type { Input } from '../inflate/input.ts';

/** Why 128 MiB: what zstd itself accepts unless told otherwise; a frame may declare terabytes. */
const MAX_WINDOW = 128 * 1024 * 1024;
const MAX_BLOCK = 128 * 1024;
/** Lengths of the content size and dictionary fields by their flags. */
const SIZE_LENGTHS = [0, 2, 4, 8] as const;
const DICTIONARY_LENGTHS = [0, 1, 2, 4] as const;

/** What a frame header says. */
export interface FrameHeader {
  /** How far back matches may reach, in bytes. */
  readonly window: number;
  /** Most bytes a block may hold or produce. */
  readonly maxBlock: number;
  readonly checksum: boolean;
}

/** Reads the header behind the magic number. */
export function readFrameHeader(input: Input): FrameHeader {
  const start = input.offset;
  const descriptor = input.byte();
  const single = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw malformed('Zstandard frame header', start);
  const windowByte = single ? 0 : input.byte();
  const dictionary = input.take(DICTIONARY_LENGTHS[(descriptor & 3) as 0 | 1 | 2 | 3]);
  if (dictionary.some((byte) => byte !== 0)) throw new CordonError('format.unsupported', 'Zstandard frame needs an external dictionary');
  const content = contentSize(input.take(SIZE_LENGTHS[(descriptor >>> 6) as 0 | 1 | 2 | 3] || (single ? 1 : 0)));
  const window = single ? content : 2 ** (10 + (windowByte >>> 3)) * (1 + (windowByte & 7) / 8);
  if (window > MAX_WINDOW) throw new CordonError('format.unsupported', `Zstandard window of ${window} bytes is larger than ${MAX_WINDOW}`);
  return { window, maxBlock: Math.min(window, MAX_BLOCK), checksum: (descriptor & 0x04) !== 0 };
}

function contentSize(field: Uint8Array): number {
  let value = 0;
  for (const byte of field.toReversed()) value = value * 256 + byte;
  return field.length === 2 ? value + 256 : value;
}
