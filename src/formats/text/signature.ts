import type { Signature } from '../signature.ts';

/** Control characters that occur in ordinary text: tab, line ends, form feed, backspace and escape (terminal logs). */
const ALLOWED_CONTROLS = new Set([8, 9, 10, 11, 12, 13, 27]);

/** Text in UTF-8, UTF-16 with a mark, or an eight-bit encoding. Last of all signatures. */
export const text: Signature = { format: 'text', matches: (head) => looksLikeText(head) };

/** True when the bytes read as text: no control characters, and not mostly bytes above ASCII unless they are UTF-8. */
export function looksLikeText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return !looksBinary16(head);
  let high = 0;
  for (const byte of head) {
    if ((byte < 32 && !ALLOWED_CONTROLS.has(byte)) || byte === 127) return false;
    if (byte > 127) high++;
  }
  return high === 0 || isUtf8(head) || high < head.length / 4;
}

/** Why stream: the head may end inside a character. */
function isUtf8(head: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function looksBinary16(head: Uint8Array): boolean {
  const decoded = new TextDecoder(head[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(head.subarray(0, head.length & ~1));
  return (
    decoded.length < 2 ||
    Array.from(decoded.slice(0, -1)).some(
      (character) => (character < ' ' && !ALLOWED_CONTROLS.has(character.charCodeAt(0))) || character === '\ufffd',
    )
  );
}
