/**
 * Ways to hide a sentence from a filter, for tests. Written from the descriptions of the techniques and without the tables of the
 * decoders in src/patterns, so that a mistake in those is not repeated here.
 */
export interface Obfuscation {
  readonly name: string;
  encode(sentence: string, random: () => number): string;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';

function eachLetter(sentence: string, change: (index: number, upper: boolean) => string): string {
  let out = '';
  for (const char of sentence) {
    const index = LOWER.indexOf(char.toLowerCase());
    out += index < 0 ? char : change(index, char !== char.toLowerCase());
  }
  return out;
}

function shiftBy(sentence: string, distance: number): string {
  return eachLetter(sentence, (index, upper) => {
    const letter = LOWER.charAt((index + distance) % LOWER.length);
    return upper ? letter.toUpperCase() : letter;
  });
}

function pick<T>(list: ArrayLike<T>, random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** Cyrillic and Greek letters that print like Latin ones. */
const TWINS: Record<string, string> = {
  a: '\u0430', c: '\u0441', e: '\u0435', i: '\u0456', j: '\u0458', o: '\u03bf', p: '\u0440', s: '\u0455', x: '\u0445', y: '\u0443',
  A: '\u0391', B: '\u0412', C: '\u0421', E: '\u0395', H: '\u041d', I: '\u0399', K: '\u039a', M: '\u041c', N: '\u039d', O: '\u041e',
  P: '\u03a1', S: '\u0405', T: '\u0422', X: '\u03a7', Y: '\u03a5', Z: '\u0396',
}; // prettier-ignore

const ELITE: Record<string, string[]> = {
  a: ['4', '@'],
  e: ['3'],
  i: ['1', '!'],
  o: ['0'],
  s: ['5', '$'],
  t: ['7'],
  b: ['8'],
  l: ['1'],
  g: ['9'],
};

/** The code as a tree walked by its signs, dots to the left: position in the string is the position in a binary heap. */
const MORSE_HEAP = '  ETIANMSURWDKGOHVF L PJBXCYZQ';

function morseOf(letter: string): string {
  let node = MORSE_HEAP.indexOf(letter.toUpperCase());
  let signs = '';
  while (node > 1) {
    signs = (node % 2 === 0 ? '.' : '-') + signs;
    node >>= 1;
  }
  return signs;
}

function shuffleInside(word: string, random: () => number): string {
  if (word.length < 4) return word;
  const inner = word.slice(1, -1).split('');
  for (let turn = 0; turn < 5; turn++) {
    for (let last = inner.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [inner[last], inner[other]] = [inner[other] ?? '', inner[last] ?? ''];
    }
    if (inner.join('') !== word.slice(1, -1)) break;
  }
  return word[0] + inner.join('') + word.at(-1);
}

function bytes(sentence: string, base: number, width: number, separator: string): string {
  return [...new TextEncoder().encode(sentence)].map((byte) => byte.toString(base).padStart(width, '0')).join(separator);
}

export const OBFUSCATIONS: readonly Obfuscation[] = [
  { name: 'full-width', encode: (s) => [...s].map((c) => (c > ' ' && c <= '~' ? String.fromCodePoint((c.codePointAt(0) ?? 0) + 65_248) : c)).join('') },
  { name: 'mathematical bold', encode: (s) => eachLetter(s, (index, upper) => String.fromCodePoint((upper ? 119_808 : 119_834) + index)) },
  { name: 'zero-width', encode: (s, random) => [...s].map((c) => c + pick(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff'], random)).join('') },
  { name: 'tag characters', encode: (s) => [...s].map((c) => String.fromCodePoint(917_504 + (c.codePointAt(0) ?? 0))).join('') },
  { name: 'diacritics', encode: (s, random) => eachLetter(s, (index, upper) => { const c = LOWER.charAt(index); return (upper ? c.toUpperCase() : c) + pick(['\u0301', '\u0308', '\u0323', '\u0336', '\u035b\u0329'], random); }) },
  { name: 'homoglyphs', encode: (s) => [...s].map((c) => TWINS[c] ?? c).join('') },
  { name: 'leetspeak', encode: (s, random) => [...s].map((c) => { const options = ELITE[c.toLowerCase()]; return options && random() < 0.8 ? pick(options, random) : c; }).join('') },
  { name: 'spaced letters', encode: (s) => s.split(' ').map((word) => [...word].join(' ')).join('   ') },
  { name: 'base64', encode: (s) => Buffer.from(s).toString('base64') },
  { name: 'hex', encode: (s, random) => bytes(s, 16, 2, pick(['', ' '], random)) },
  { name: 'binary', encode: (s) => bytes(s, 2, 8, ' ') },
  { name: 'URL', encode: (s) => bytes(s, 16, 2, '%').toUpperCase().replace(/^/, '%') },
  { name: 'HTML entities', encode: (s, random) => [...s].map((c) => (random() < 0.5 ? `&#${c.codePointAt(0)};` : `&#x${c.codePointAt(0)?.toString(16)};`)).join('') },
  { name: 'ROT13', encode: (s) => shiftBy(s, 13) },
  { name: 'Caesar', encode: (s, random) => shiftBy(s, 1 + Math.floor(random() * 25)) },
  { name: 'reversed', encode: (s) => [...s].toReversed().join('') },
  { name: 'typoglycemia', encode: (s, random) => s.replace(/[A-Za-z]+/g, (word) => shuffleInside(word, random)) },
  { name: 'Morse', encode: (s) => s.split(' ').map((word) => [...word].map(morseOf).filter((code) => code !== '').join(' ')).join(' / ') },
]; // prettier-ignore

/** Deterministic random numbers from 0 to 1 (a linear congruence is enough to choose with). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
