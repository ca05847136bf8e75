import { latin1 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

const BLANK = new Set([0x20, 0x0a, 0x0d, 0x09]);

/**
 * A JSON object or array by its first two tokens: `{` then `"` or `}`, or `[` then the start of a value. A file that is
 * valid so far and broken later is still JSON, and its scanner says so.
 */
export const json: Signature = {
  format: 'json',
  matches(head) {
    let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    const skipBlank = (): void => {
      while (BLANK.has(head[at] ?? 0)) at++;
    };
    skipBlank();
    const open = head[at++];
    if (open !== 0x7b && open !== 0x5b) return false;
    skipBlank();
    if (!isText(head)) return false;
    const rest = latin1(head.subarray(at));
    if (open === 0x7b) return /^(?:\}\s*$|"(?:[^"\\]|\\.)*(?:$|"\s*(?:$|:)))/s.test(rest);
    return /^(?:\]\s*$|[[{"]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*[,\]]|(?:true|false|null)\s*[,\]])/.test(rest);
  },
};

/** JSON has no control characters but its blanks; many binary files that happen to begin with a bracket do. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 0x20 || BLANK.has(byte));
}
