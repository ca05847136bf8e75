import type { PreTokenizer } from './tokenizer.ts';

// The pattern of GPT-2, with the spaces of Unicode.
const WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

const LETTERS: readonly string[] = letters();

/** Words with the space before them, then every byte as a printable letter, as GPT-2 does. */
export function byteLevel(prefixSpace: boolean, split: boolean): PreTokenizer {
  return (text) => {
    const spaced = prefixSpace && !/^\p{White_Space}/u.test(text) ? ` ${text}` : text;
    return (split ? (spaced.match(WORDS) ?? []) : [spaced]).map(asLetters);
  };
}

function asLetters(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) out += LETTERS[byte]!;
  return out;
}

/** Printable bytes stand for themselves, the others for the letters from U+0100 on. */
function letters(): readonly string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
}
