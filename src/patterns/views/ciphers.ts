import { letterCodes, meanCost, pairCost } from './letter-cost.ts';
import { readsBackwards } from './word-order.ts';
import { wordShare } from './words.ts';
import type { Edit } from './edit.ts';
import type { Survey } from './survey.ts';
import type { Span } from '../../core/text.ts';

/** Why: facts of cost. Each stretch is tried in 28 ways; beyond this only its beginning and its end are. */
export const MAX_CIPHER_CHARS = 6_000;
/** Letters that decide between the candidates. */
const SAMPLE = 400;
/** Mean cost of a letter pair below which a stretch is taken for natural language, whether its words are known or not. */
const NATURAL_COST = 8.6;

/** Substitution ciphers (ROT13, Caesar, Atbash) and reversed writing in the stretches without a known word. */
export function cipherEdits(text: string, survey: Survey): Edit[] {
  if (survey.strange.length === 0) return [];
  if (text.length <= MAX_CIPHER_CHARS && survey.known * 10 < survey.words * 3) {
    const edit = decipher(text, { start: 0, end: text.length });
    if (edit) return [edit];
  }
  const edits: Edit[] = [];
  for (const stretch of affordable(survey.strange)) {
    const edit = decipher(text, stretch);
    if (edit) edits.push(edit);
    else if (text.slice(stretch.start, stretch.end).includes('\n'))
      edits.push(...linesOf(text, stretch).flatMap((line) => decipher(text, line) ?? []));
  }
  return edits;
}

/** Stretches from both ends of the list until the limit of characters is spent. */
function affordable(stretches: readonly Span[]): Span[] {
  let left = MAX_CIPHER_CHARS;
  const taken: Span[] = [];
  let first = 0;
  let last = stretches.length - 1;
  for (let turn = 0; first <= last && left > 0; turn++) {
    const stretch = stretches[turn % 2 === 0 ? first++ : last--];
    if (!stretch) break;
    const length = Math.min(stretch.end - stretch.start, left);
    left -= length;
    taken.push({ start: stretch.start, end: stretch.start + length });
  }
  return taken.sort((a, b) => a.start - b.start);
}

function linesOf(text: string, stretch: Span): Span[] {
  const lines: Span[] = [];
  let start = stretch.start;
  while (start < stretch.end && lines.length < 50) {
    const found = text.indexOf('\n', start);
    const end = found < 0 || found > stretch.end ? stretch.end : found;
    if (end - start >= 12) lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}

function decipher(text: string, stretch: Span): Edit | undefined {
  const source = text.slice(stretch.start, stretch.end);
  const candidate = isCyrillic(source) ? { cipher: 'reversed', cost: 0 } : bestCipher(letterCodes(source, SAMPLE));
  if (!candidate) return undefined;
  const written = wordShare(source);
  if (written.letterShare > 0.35) return undefined;
  if (candidate.cipher !== 'reversed') return substitution(source, stretch, candidate, written);
  return reversed(source, stretch, written);
}

interface Candidate {
  readonly cipher: string;
  readonly cost: number;
  /** New letter of each letter, 0 to 25. */
  readonly table?: Uint8Array;
}

/** The way of reading that costs least, if it costs clearly less than the text as it stands. */
function bestCipher(codes: Uint8Array): Candidate | undefined {
  if (codes.length < 10) return undefined;
  const plain = meanCost(codes);
  let best: Candidate | undefined = { cipher: 'reversed', cost: meanCost(codes.toReversed()) };
  if (plain > NATURAL_COST) {
    const pairs = pairCounts(codes);
    for (let shift = 0; shift <= 26; shift++) {
      if (shift === 0) continue;
      const table = tableOf(shift);
      const cost =
        pairs.reduce((sum, [first, second, count]) => sum + count * pairCost(table[first] ?? 26, table[second] ?? 26), 0) /
        (codes.length - 1);
      if (cost < best.cost) best = { cipher: nameOf(shift), cost, table };
    }
  }
  return best.cost < plain - 0.4 ? best : undefined;
}

function pairCounts(codes: Uint8Array): (readonly [number, number, number])[] {
  const counts = new Uint16Array(27 * 27);
  const met: number[] = [];
  for (let at = 1; at < codes.length; at++) {
    const pair = (codes[at - 1] ?? 0) * 27 + (codes[at] ?? 0);
    if (counts[pair] === 0) met.push(pair);
    counts[pair] = (counts[pair] ?? 0) + 1;
  }
  return met.map((pair) => [Math.floor(pair / 27), pair % 27, counts[pair] ?? 0]);
}

/** Shifts 1 to 25, 26 for Atbash. */
const tables: readonly Uint8Array[] = Array.from({ length: 27 }, (_, shift) =>
  Uint8Array.from({ length: 27 }, (__, code) => (code === 26 ? 26 : shift === 26 ? 25 - code : (code + shift) % 26)),
);

function tableOf(shift: number): Uint8Array {
  return tables[shift] ?? new Uint8Array(27);
}

function nameOf(shift: number): string {
  if (shift === 26) return 'atbash';
  return shift === 13 ? 'rot13' : 'caesar';
}

function substitution(
  source: string,
  stretch: Span,
  { cipher, table }: Candidate,
  written: ReturnType<typeof wordShare>,
): Edit | undefined {
  const decoded = source.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(base + (table?.[letter.charCodeAt(0) - base] ?? 0));
  });
  if (!isClearly(decoded, written)) return undefined;
  const starts = Int32Array.from({ length: source.length }, (_, at) => stretch.start + at);
  return { ...stretch, text: decoded, by: cipher, starts, ends: starts.map((at) => at + 1) };
}

function reversed(source: string, stretch: Span, written: ReturnType<typeof wordShare>): Edit | undefined {
  const positions: number[] = [];
  for (let at = source.length; at > 0;) {
    const pair = at > 1 && (source.codePointAt(at - 2) ?? 0) > 0xffff;
    if (pair) positions.push(at - 2, at - 1);
    else positions.push(at - 1);
    at -= pair ? 2 : 1;
  }
  const whole = positions.map((at) => source[at]).join('');
  if (!isClearly(whole, written)) return undefined;
  const wordwise = wordwisePositions(source);
  const byWord = wordwise.map((at) => source[at]).join('');
  const useWords = eachWordReversed(source, whole, byWord);
  const used = useWords ? wordwise : positions;
  const starts = Int32Array.from(used, (at) => stretch.start + at);
  return {
    ...stretch,
    text: useWords ? byWord : whole,
    by: useWords ? 'reversed-words' : 'reversed',
    starts,
    ends: starts.map((at) => at + 1),
  };
}

/** Positions of the units with every word turned round in its place. */
function wordwisePositions(source: string): number[] {
  const positions = Array.from({ length: source.length }, (_, at) => at);
  for (const match of source.matchAll(/[\p{L}\p{M}\p{N}']+/gu)) {
    for (let at = 0; at < match[0].length; at++) positions[match.index + at] = match.index + match[0].length - 1 - at;
  }
  return positions;
}

/** Both readings have the same words; capitals, full stops and small words tell in which order they stood. */
function eachWordReversed(source: string, whole: string, byWord: string): boolean {
  if (/^\s*\p{L}*\p{Ll}\p{Lu}\b/u.test(source)) return true;
  if (/\p{Ll}\p{Lu}\s*$/u.test(source)) return false;
  const startsWithStop = /^\s*[.!?]/.test(source);
  const endsWithStop = /[.!?]\s*$/.test(source);
  if (startsWithStop !== endsWithStop) return endsWithStop;
  return readsBackwards(whole) > readsBackwards(byWord);
}

/** Whether the decoding is clearly language while what was written is not. */
function isClearly(decoded: string, written: ReturnType<typeof wordShare>): boolean {
  const share = wordShare(decoded);
  if (share.strong >= 2 && share.letterShare >= 0.5 && share.letterShare > written.letterShare * 2) return true;
  return share.words >= 5 && share.hits >= 3 && share.hits * 3 >= share.words && share.hits > written.hits * 3;
}

function isCyrillic(source: string): boolean {
  const found = source.slice(0, 200).match(/[\u0400-\u04ff]/g);
  return found !== null && found.length * 2 > source.slice(0, 200).replace(/\s/g, '').length;
}
