import { CordonError, malformed, truncated } from '../../core/errors.ts';
import { viewOf } from '../bytes/read.ts';
import { decodeBlock } from './block.ts';
import { FRAME_MAGIC } from './signature.ts';

const STORED = 0x8000_0000;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;

/**
 * Decodes one LZ4 frame whose content has exactly `length` bytes, and is the whole of `frame`. For many small frames whose
 * content is checked against a cryptographic hash afterwards, so the checksums of the frame are passed over.
 */
export function inflateFrame(frame: Uint8Array, length: number): Uint8Array {
  const view = viewOf(frame);
  if (frame.length < 11) throw truncated('LZ4 frame', frame.length);
  const flags = view.getUint8(4);
  if (view.getUint32(0, true) !== FRAME_MAGIC || (flags & 0xc2) !== 0x40) throw malformed('not an LZ4 frame', 0);
  if ((flags & DICTIONARY) !== 0) throw new CordonError('format.unsupported', 'LZ4 frame needs an external dictionary');
  let at = 6 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8) + 1;
  const out = new Uint8Array(length);
  let to = 0;
  for (;;) {
    if (at + 4 > frame.length) throw truncated('LZ4 block', at);
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const isStored = header >= STORED;
    const size = isStored ? header - STORED : header;
    if (size > frame.length - at) throw truncated('LZ4 block', at);
    const block = frame.subarray(at, at + size);
    if (!isStored) to = decodeBlock(block, out, to, length, 0);
    else if (size > length - to) throw malformed('LZ4 frame holds more than it should', at);
    else {
      out.set(block, to);
      to += size;
    }
    at += size + ((flags & BLOCK_CHECKSUM) === 0 ? 0 : 4);
  }
  at += (flags & CONTENT_CHECKSUM) === 0 ? 0 : 4;
  if (to !== length || at !== frame.length) throw malformed('LZ4 frame is not as long as declared', at);
  return out;
}
