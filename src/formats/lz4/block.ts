import { malformed } from '../../core/errors.ts';

const MIN_MATCH = 4;
const MAX_NIBBLE = 15;

/**
 * Decodes one LZ4 block into `out` from `start` on; matches may reach back to `floor`. Returns the end of the output; never
 * writes behind `limit`.
 */
export function decodeBlock(block: Uint8Array, out: Uint8Array, start: number, limit: number, floor: number): number {
  const length = block.length;
  let at = 0;
  let to = start;
  while (at < length) {
    const token = block[at++] as number;
    let literals = token >>> 4;
    if (literals === MAX_NIBBLE) {
      let more: number;
      do {
        if (at >= length) throw malformed('LZ4 literal length');
        more = block[at++] as number;
        literals += more;
      } while (more === 255);
    }
    if (literals > length - at || literals > limit - to) throw malformed('LZ4 literals run over the end of the block');
    if (literals < 32) for (let i = 0; i < literals; i++) out[to + i] = block[at + i] as number;
    else out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has literals only.
    if (at === length) return to;
    if (length - at < 2) throw malformed('LZ4 match offset');
    const distance = (block[at] as number) | ((block[at + 1] as number) << 8);
    at += 2;
    let match = (token & MAX_NIBBLE) + MIN_MATCH;
    if (match === MAX_NIBBLE + MIN_MATCH) {
      let more: number;
      do {
        if (at >= length) throw malformed('LZ4 match length');
        more = block[at++] as number;
        match += more;
      } while (more === 255);
    }
    if (distance === 0 || to - distance < floor) throw malformed('LZ4 match lies before the data');
    if (match > limit - to) throw malformed('LZ4 match runs over the end of the block');
    if (distance >= match && match >= 32) out.copyWithin(to, to - distance, to - distance + match);
    else if (distance === 1) out.fill(out[to - 1] as number, to, to + match);
    else for (let i = 0; i < match; i++) out[to + i] = out[to - distance + i] as number;
    to += match;
  }
  return to;
}
