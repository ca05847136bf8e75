import { bytesEdit, sourcedBytes } from './bytes.ts';
import type { Edit } from './edit.ts';

const RUN = /(?<![A-Za-z0-9])[A-Z2-7]{16,65536}={0,6}/g;

/** Base32 (RFC 4648), upper case, on one line. */
export function base32Edits(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(RUN)) {
    const out = sourcedBytes(match[0].length);
    let bits = 0;
    let held = 0;
    let since = match.index;
    for (let at = 0; at < match[0].length; at++) {
      const unit = match[0].charCodeAt(at);
      if (unit === 0x3d) break;
      bits = ((bits << 5) | (unit >= 0x41 ? unit - 0x41 : unit - 0x32 + 26)) & 0xfff;
      held += 5;
      if (held < 8) continue;
      held -= 8;
      out.bytes[out.count] = (bits >> held) & 0xff;
      out.starts[out.count] = since;
      out.ends[out.count] = match.index + at + 1;
      out.count++;
      since = match.index + at;
    }
    const edit = bytesEdit(match.index, match.index + match[0].length, out, 'base32');
    if (edit) edits.push(edit);
  }
  return edits;
}
