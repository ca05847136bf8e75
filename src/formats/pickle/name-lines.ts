/** Where something begins, and where it ends, in bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const NEWLINE = 0x0a;
const SHORT_TEXT = 0x8c;
/** Longest name looked for, behind its first letter. */
const NAME_BYTES = 120;
const WORD = classOf(/[\w.]/);
const LETTER = classOf(/[A-Za-z_]/);
/** Two names and `STACK_GLOBAL`, memoized or not: where a stream without `PROTO` imports something. */
const NAMES = /\x8c[^][\w.]{1,120}(?:\x94|q[^])?\x8c[^][\w.]{1,120}(?:\x94|q[^])?\x93/y;
const NAMES_BYTES = 2 * (2 + NAME_BYTES + 2) + 1;

function classOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) && byte < 128 ? 1 : 0));
}

/**
 * Every `[ci][A-Za-z_][\w.]{0,120}\n[A-Za-z_][\w.]{0,120}\n`, the earliest first, none within another: an import of the text protocol. Why
 * not that expression: a GiB of numbers has four million newlines and next to no such line, and decoding it as text to search it
 * costs more than everything else.
 */
export function* nameLines(bytes: Uint8Array): Generator<Span> {
  let from = 0;
  for (let newline = 1; newline < bytes.length; newline++) {
    if (bytes[newline] !== NEWLINE || WORD[bytes[newline - 1] as number] === 0 || LETTER[bytes[newline + 1] ?? 0] === 0) continue;
    const end = endOfName(bytes, newline + 1);
    if (end === -1) continue;
    const start = startOfLine(bytes, newline, from);
    if (start === -1) continue;
    yield { start, end };
    from = end;
    newline = end - 1;
  }
}

/** Behind the newline that ends the name at `at`; -1 when there is none. */
function endOfName(bytes: Uint8Array, at: number): number {
  const last = Math.min(at + NAME_BYTES + 1, bytes.length - 1);
  for (let index = at + 1; index <= last; index++) {
    if (bytes[index] === NEWLINE) return index + 1;
    if (WORD[bytes[index] as number] === 0) return -1;
  }
  return -1;
}

/** The first opcode before a newline with nothing but a name behind it, at or after `from`; -1 when there is none. */
function startOfLine(bytes: Uint8Array, newline: number, from: number): number {
  let found = -1;
  const first = Math.max(from + 1, newline - NAME_BYTES - 1);
  for (let index = newline - 1; index >= first && WORD[bytes[index] as number] === 1; index--) {
    const opcode = bytes[index - 1];
    if (LETTER[bytes[index] as number] === 1 && (opcode === 0x63 || opcode === 0x69)) found = index - 1;
  }
  return found;
}

/** Every two short texts that are names, with `STACK_GLOBAL` behind them, the earliest first, none within another. */
export function* namePairs(bytes: Buffer): Generator<Span> {
  for (let start = 0; start < bytes.length; start++) {
    if (bytes[start] !== SHORT_TEXT || WORD[bytes[start + 2] ?? 0] === 0 || !isFollowedByText(bytes, start + 2)) continue;
    const text = bytes.toString('latin1', start, start + NAMES_BYTES);
    NAMES.lastIndex = 0;
    if (!NAMES.test(text)) continue;
    const end = start + NAMES.lastIndex;
    yield { start, end };
    start = end - 1;
  }
}

/** Whether another short text may come behind the name at `at`: a quick test that lets through a little more. */
function isFollowedByText(bytes: Uint8Array, at: number): boolean {
  let end = at + 1;
  const last = Math.min(at + NAME_BYTES + 2, bytes.length);
  while (end < last && WORD[bytes[end] as number] === 1) end++;
  return bytes[end] === SHORT_TEXT || bytes[end + 1] === SHORT_TEXT;
}
