const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t\n\r]/u;
const LETTER = /\p{L}/u;
/** How much of a long decoding is judged: its beginning. */
const JUDGED = 2_048;

/** Whether a decoding is text: more than 95 % printable and mostly letters. */
export function isReadable(text: string): boolean {
  let total = 0;
  let printable = 0;
  let letters = 0;
  let blank = 0;
  for (const char of text.length > JUDGED ? text.slice(0, JUDGED) : text) {
    total++;
    const code = char.charCodeAt(0);
    if (code < 0x80) {
      const letter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
      if (letter) letters++;
      if (code >= 0x20 ? code < 0x7f : code === 9 || code === 10 || code === 13) printable++;
      if (code <= 0x20) blank++;
    } else if (LETTER.test(char)) {
      letters++;
      printable++;
    } else if (PRINTABLE.test(char)) printable++;
  }
  return total > 0 && printable > total * 0.95 && letters * 2 > total - blank;
}
