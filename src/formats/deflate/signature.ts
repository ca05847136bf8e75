import { errorCode } from '../../core/errors.ts';
import { hasBytes } from '../bytes/read.ts';
import { bufferSource } from '../bytes/source.ts';
import type { Signature } from '../signature.ts';
import { isGzipHeader } from './gzip.ts';
import { RawDeflateDecoder } from './raw.ts';
import { isZlibHeader } from './zlib.ts';

/** Header that joblib before 0.10 put before a zlib stream: `ZF` and the inflated length as 19 characters of hexadecimal. */
export const JOBLIB_ZFILE_HEADER = 21;
/** Why 24: text such as `x^2 + ...` also begins like a zlib stream, but does not survive inflating that far. */
const MIN_OUTPUT = 24;

/** gzip by its header. */
export const gzip: Signature = { format: 'gzip', matches: isGzipHeader };

/** zlib by its header and by inflating what is there: two bytes alone would also match text and random numbers. */
export const zlib: Signature = {
  format: 'zlib',
  matches: (head) => {
    const start = zlibStart(head);
    return isZlibHeader(head[start] ?? 0, head[start + 1] ?? 0) && inflates(head, start + 2);
  },
};

/** Where the zlib stream begins: behind the header of an old joblib file, or at once. */
export function zlibStart(head: Uint8Array): number {
  if (!hasBytes(head, 'ZF0x')) return 0;
  // joblib up to 0.8.4 under Python 2 wrote one blank more.
  return head[JOBLIB_ZFILE_HEADER] === 0x20 ? JOBLIB_ZFILE_HEADER + 1 : JOBLIB_ZFILE_HEADER;
}

function inflates(head: Uint8Array, start: number): boolean {
  const decoder = new RawDeflateDecoder(bufferSource(head), start);
  let produced = 0;
  try {
    for (let piece = decoder.next(); piece !== undefined; piece = decoder.next()) produced += piece.length;
    return true;
  } catch (error) {
    // Ending early is what the head of a longer, or of a cut, stream does.
    return errorCode(error) === 'format.truncated' && produced >= MIN_OUTPUT;
  }
}
