import { LETTER_PAIRS } from './letter-pairs.ts';

const BORDER = 26;
const costs = new Uint8Array(27 * 27);
LETTER_PAIRS.forEach((row, first) => {
  for (let second = 0; second < 27; second++) costs[first * 27 + second] = Number.parseInt(row.charAt(second), 36);
});

/** Cost in half bits of one letter pair; letters 0 to 25, 26 for the border of a word. */
export function pairCost(first: number, second: number): number {
  return costs[first * 27 + second] ?? 35;
}

/** Letters 0 to 25 with one 26 between words; other scripts and digits count as borders. */
export function letterCodes(text: string, limit: number): Uint8Array {
  const codes = new Uint8Array(Math.min(text.length, limit) + 2);
  let count = 0;
  codes[count++] = BORDER;
  for (let at = 0; at < text.length && at < limit; at++) {
    const lower = text.charCodeAt(at) | 0x20;
    if (lower >= 0x61 && lower <= 0x7a) codes[count++] = lower - 0x61;
    else if (codes[count - 1] !== BORDER) codes[count++] = BORDER;
  }
  if (codes[count - 1] !== BORDER) codes[count++] = BORDER;
  return codes.subarray(0, count);
}

/** Mean cost of a letter pair in half bits: about 7 for European languages in Latin script, 13 and more for ciphers of them. */
export function meanCost(codes: Uint8Array): number {
  if (codes.length < 2) return 35;
  let sum = 0;
  for (let at = 1; at < codes.length; at++) sum += costs[(codes[at - 1] ?? 0) * 27 + (codes[at] ?? 0)] ?? 35;
  return sum / (codes.length - 1);
}

/** {@link meanCost} of a text. */
export function textCost(text: string, limit = 400): number {
  return meanCost(letterCodes(text, limit));
}
