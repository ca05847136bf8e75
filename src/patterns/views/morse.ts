import { textCost } from './letter-cost.ts';
import { wordShare } from './words.ts';
import type { Edit } from './edit.ts';

const CODES: Readonly<Record<string, string>> = {
  '.-': 'a', '-...': 'b', '-.-.': 'c', '-..': 'd', '.': 'e', '..-.': 'f', '--.': 'g', '....': 'h', '..': 'i', '.---': 'j',
  '-.-': 'k', '.-..': 'l', '--': 'm', '-.': 'n', '---': 'o', '.--.': 'p', '--.-': 'q', '.-.': 'r', '...': 's', '-': 't',
  '..-': 'u', '...-': 'v', '.--': 'w', '-..-': 'x', '-.--': 'y', '--..': 'z', '-----': '0', '.----': '1', '..---': '2',
  '...--': '3', '....-': '4', '.....': '5', '-....': '6', '--...': '7', '---..': '8', '----.': '9', '.-.-.-': '.', '--..--': ',',
  '..--..': '?', '.----.': "'", '-.-.--': '!', '-..-.': '/', '-.--.': '(', '-.--.-': ')', '.-...': '&', '---...': ':',
  '-.-.-.': ';', '-...-': '=', '.-.-.': '+', '-....-': '-', '..--.-': '_', '.-..-.': '"', '...-..-': '$', '.--.-.': '@',
}; // prettier-ignore

const TOKEN = /[^\s/|]+/g;
const SIGN = /^[.\-_*\u00b7\u2022]{1,7}$/;
const GAP = /^[\s/|]{1,8}$/;
const MIN_SIGNS = 5;

/** International Morse code: letters apart by a space, words by a slash, a bar, a line or wider space. */
export function morseEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  let run = new MorseRun(0);
  for (const match of text.matchAll(TOKEN)) {
    const end = match.index + match[0].length;
    const isSign = SIGN.test(match[0]);
    const gap = text.slice(run.end, Math.min(match.index, run.end + 9));
    if (run.signs > 0 && !(isSign && GAP.test(gap))) {
      const edit = run.edit();
      if (edit) edits.push(edit);
      run = new MorseRun(match.index);
    }
    if (isSign) run.add(match[0], match.index, end, gap);
  }
  const last = run.edit();
  if (last) edits.push(last);
  return edits;
}

class MorseRun {
  end: number;
  signs = 0;
  #unknown = 0;
  #out = '';
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(start: number) {
    this.end = start;
  }

  add(sign: string, start: number, end: number, gap: string): void {
    if (this.#out !== '' && gap !== ' ') this.#push(' ', this.end, start);
    const char = CODES[sign.replaceAll('_', '-').replace(/[*\u00b7\u2022]/g, '.')];
    this.signs++;
    if (char === undefined) this.#unknown++;
    else this.#push(char, start, end);
    this.end = end;
  }

  edit(): Edit | undefined {
    // Rules, dotted lines and table borders decode to a few letters again and again.
    if (this.signs < MIN_SIGNS || this.#unknown * 10 > this.signs || new Set(this.#out.slice(0, 2_048)).size < 4) return undefined;
    if (wordShare(this.#out.slice(0, 2_048)).letterShare < 0.25 && textCost(this.#out) > 11) return undefined;
    return { start: this.#starts[0] ?? 0, end: this.end, text: this.#out, by: 'morse', starts: this.#starts, ends: this.#ends };
  }

  #push(char: string, start: number, end: number): void {
    this.#out += char;
    this.#starts.push(start);
    this.#ends.push(end);
  }
}
