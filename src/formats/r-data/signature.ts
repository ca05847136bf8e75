import { hasBytes, latin1 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** `save()` puts five bytes in front of the serialisation: RDX (XDR), RDA (text), RDB (native) and the version. */
const SAVE_MAGIC = /^RD([XAB])[123]\n/;

/** R data: `saveRDS` (a bare serialisation) or `save` (magic, then one). */
export const rData: Signature = { format: 'r-data', matches: (head) => serialisationStart(head) !== undefined };

/** Where the serialisation begins (0 or 5) when the bytes are R data. */
export function serialisationStart(head: Uint8Array): 0 | 5 | undefined {
  const text = latin1(head.subarray(0, 64));
  if (SAVE_MAGIC.test(text)) return 5;
  if (hasBytes(head, 'X\n\x00\x00\x00') && isVersion(head[5]) && hasBytes(head, [0], 6)) return 0;
  if (hasBytes(head, 'B\n') && isVersion(head[2]) && hasBytes(head, [0, 0, 0], 3)) return 0;
  return /^A\n[23]\n\d{5,6}\n\d{5,6}\n/.test(text) ? 0 : undefined;
}

function isVersion(byte: number | undefined): boolean {
  return byte === 2 || byte === 3;
}
