const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_LIST = 0x5b;

/** What JSON text has outside of its strings. */
export interface Structure {
  /** Number of object keys. */
  readonly keys: number;
  /** Whether numbers in it would be written differently by `JSON.stringify`, or are so many that nobody looked at each. */
  readonly hasUnusualNumbers: boolean;
}

/** Digits up to which every whole number is written as it came. */
const SAFE_DIGITS = 15;
/** A list of numbers and nothing else, from behind its bracket on. */
const VECTOR = /[\s\d.,eE+-]*\]/y;
/** Why: lists as long as this are vectors of embeddings, and telling whether each number is usual takes longer than reading them. */
const VECTOR_CHARACTERS = 512;

/** Reads what stands between the strings of JSON text that is known to be valid. */
export function structureOf(text: string): Structure {
  let keys = 0;
  let from = 0;
  let hasUnusualNumbers = false;
  let at = text.indexOf('"');
  while (at >= 0) {
    if (!hasUnusualNumbers && at - from > 1) hasUnusualNumbers = hasUnusual(text, from, at);
    let end = text.indexOf('"', at + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    from = end + 1;
    let next = from;
    while (isSpace(text.charCodeAt(next))) next++;
    if (text.charCodeAt(next) === COLON) keys++;
    at = text.indexOf('"', from);
  }
  return { keys, hasUnusualNumbers: hasUnusualNumbers || hasUnusual(text, from, text.length) };
}

/** Whether a number as it is written is what `JSON.stringify` makes of it. */
export function isUsual(number: string): boolean {
  return (number.length <= SAFE_DIGITS && /^(?:0|[1-9]\d*)$/.test(number)) || String(Number(number)) === number;
}

/** Where the list of numbers that begins at `at` with its bracket ends, behind its bracket; 0 where it is no long one. */
export function endOfVector(text: string, at: number): number {
  VECTOR.lastIndex = at + 1;
  return VECTOR.test(text) && VECTOR.lastIndex - at >= VECTOR_CHARACTERS ? VECTOR.lastIndex : 0;
}

/** Looks at what stands between two strings. */
function hasUnusual(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_LIST && to - at >= VECTOR_CHARACTERS && endOfVector(text, at) > 0) return true;
    if (code !== MINUS && (code < ZERO || code > NINE)) continue;
    const start = at;
    while (at < to && isOfNumber(text.charCodeAt(at))) at++;
    // Why a digit by itself first: it is most of what there is.
    const isDigit = at - start === 1 && code !== MINUS;
    if (!isDigit && !isUsual(text.slice(start, at))) return true;
  }
  return false;
}

function isOfNumber(code: number): boolean {
  // Digits, plus, minus, point, e and E.
  return (code >= ZERO && code <= NINE) || code === 0x2b || code === MINUS || code === 0x2e || code === 0x65 || code === 0x45;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
