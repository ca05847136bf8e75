/** Where something begins, and where it ends, in bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const NEWLINE = 0x0a;
const SHORT_TEXT = 0x8c;
/** How far is looked in JavaScript. */
const NEAR = 8;
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
 * The first `[ci][A-Za-z_][\w.]{0,120}\n[A-Za-z_][\w.]{0,120}\n` at or after `from`: an import of the text protocol. Why not that
 * expression: a GiB of numbers has four million newlines and next to no such line, and decoding it as text to search it costs more
 * than everything else.
 */
export function nextNameLine(bytes: Uint8Array, from: number): Span | undefined {
  for (let newline = nextByte(bytes, NEWLINE, from + 2); newline !== -1; newline = nextByte(bytes, NEWLINE, newline + 1)) {
    if (WORD[bytes[newline - 1] as number] === 0 || LETTER[bytes[newline + 1] ?? 0] === 0) continue;
    const end = endOfName(bytes, newline + 1);
    const start = end === -1 ? -1 : startOfLine(bytes, newline, from);
    if (start !== -1) return { start, end };
  }
  return undefined;
}

/** Where a byte comes next; -1 when it does not. Why near first: a call out of JavaScript pays only when the byte is rare. */
function nextByte(bytes: Uint8Array, value: number, from: number): number {
  const near = Math.min(from + NEAR, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === value) return at;
  return bytes.indexOf(value, near);
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

/** The first two short texts that are names, with `STACK_GLOBAL` behind them, at or after `from`. */
export function nextNamePair(bytes: Buffer, from: number): Span | undefined {
  for (let start = nextByte(bytes, SHORT_TEXT, from); start !== -1; start = nextByte(bytes, SHORT_TEXT, start + 1)) {
    if (WORD[bytes[start + 2] ?? 0] === 0 || !isFollowedByText(bytes, start + 2)) continue;
    const text = bytes.toString('latin1', start, start + NAMES_BYTES);
    NAMES.lastIndex = 0;
    if (NAMES.test(text)) return { start, end: start + NAMES.lastIndex };
  }
  return undefined;
}

/** Whether another short text may come behind the name at `at`: a quick test that lets through a little more. */
function isFollowedByText(bytes: Uint8Array, at: number): boolean {
  let end = at + 1;
  const last = Math.min(at + NAME_BYTES + 2, bytes.length);
  while (end < last && WORD[bytes[end] as number] === 1) end++;
  return bytes[end] === SHORT_TEXT || bytes[end + 1] === SHORT_TEXT;
}
