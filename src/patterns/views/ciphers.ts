import { letterCodes, meanCost, pairCost } from './letter-cost.ts';
import { readsBackwards } from './word-order.ts';
import { wordShare } from './words.ts';
import type { Edit } from './edit.ts';
import type { Survey } from './survey.ts';
import type { Span } from '../../core/text.ts';

/** Why: facts of cost. Each stretch is tried in 28 ways; beyond this only its beginning and its end are. */
export const MAX_CIPHER_CHARS = 6_000;
/** As much as decides whether a stretch is worth decoding. */
const JUDGED = 600;
/** Letters that decide between the candidates. */
const SAMPLE = 300;
/** Mean cost of a letter pair below which a stretch is taken for natural language, whether its words are known or not. */
const NATURAL_COST = 8.6;
/** How much less a shifted reading must cost. */
const SHIFT_GAIN = 0.4;

/** Substitution ciphers (ROT13, Caesar, Atbash) and reversed writing in the stretches without a known word. */
export function cipherEdits(text: string, survey: Survey): Edit[] {
  if (text.length <= MAX_CIPHER_CHARS && survey.known * 2 < survey.words) {
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
  const script = scriptOf(text, stretch);
  if (script === 'other' || (script === 'cyrillic' && stretch.end - stretch.start < text.length)) return undefined;
  const source = text.slice(stretch.start, stretch.end);
  const candidates: readonly Candidate[] = script === 'cyrillic' ? [{ cipher: 'reversed' }] : likelyCiphers(letterCodes(source, SAMPLE));
  if (candidates.length === 0) return undefined;
  const written = wordShare(source.slice(0, JUDGED));
  if (written.letterShare > 0.35) return undefined;
  for (const candidate of candidates) {
    const edit = candidate.cipher === 'reversed' ? reversed(source, stretch, written) : substitution(source, stretch, candidate, written);
    if (edit) return edit;
  }
  return undefined;
}

interface Candidate {
  readonly cipher: string;
  /** New letter of each letter, 0 to 25. */
  readonly table?: Uint8Array;
}

/** The ways of reading that cost less than the text as it stands, the likeliest first. */
function likelyCiphers(codes: Uint8Array): Candidate[] {
  if (codes.length < 10) return [];
  const plain = meanCost(codes);
  const likely: Candidate[] = [];
  if (plain > NATURAL_COST) {
    const pairs = pairsOf(codes);
    let best = 0;
    let least = plain - SHIFT_GAIN;
    for (let shift = 1; shift <= 26; shift++) {
      const cost = costUnder(shift, pairs);
      if (cost >= least) continue;
      least = cost;
      best = shift;
    }
    if (best > 0) likely.push({ cipher: nameOf(best), table: tableOf(best) });
  }
  // Reversed English is nearly as smooth as English.
  if (meanCost(codes.toReversed()) < plain - 0.1) likely.push({ cipher: 'reversed' });
  return likely;
}

function pairsOf(codes: Uint8Array): Uint16Array {
  const pairs = new Uint16Array(codes.length - 1);
  for (let at = 1; at < codes.length; at++) pairs[at - 1] = (codes[at - 1] ?? 0) * 27 + (codes[at] ?? 0);
  return pairs;
}

/** Mean cost of the pairs once every letter is shifted. */
function costUnder(shift: number, pairs: Uint16Array): number {
  const from = shift * 729;
  let sum = 0;
  for (let at = 0; at < pairs.length; at++) sum += shiftedCosts[from + (pairs[at] ?? 0)] ?? 35;
  return sum / pairs.length;
}

/** Shifts 1 to 25, 26 for Atbash. */
const tables: readonly Uint8Array[] = Array.from({ length: 27 }, (_, shift) =>
  Uint8Array.from({ length: 27 }, (__, code) => (code === 26 ? 26 : shift === 26 ? 25 - code : (code + shift) % 26)),
);

/** Costs of all pairs under every shift. */
const shiftedCosts = new Uint8Array(27 * 729);
tables.forEach((table, shift) => {
  for (let pair = 0; pair < 729; pair++)
    shiftedCosts[shift * 729 + pair] = pairCost(table[Math.floor(pair / 27)] ?? 26, table[pair % 27] ?? 26);
});

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
  const decode = (text: string): string =>
    text.replace(/[a-z]/gi, (letter) => {
      const base = letter <= 'Z' ? 65 : 97;
      return String.fromCharCode(base + (table?.[letter.charCodeAt(0) - base] ?? 0));
    });
  if (!isClearly(decode(source.slice(0, JUDGED)), written)) return undefined;
  const starts = Int32Array.from({ length: source.length }, (_, at) => stretch.start + at);
  return { ...stretch, text: decode(source), by: cipher, starts, ends: starts.map((at) => at + 1) };
}

function reversed(source: string, stretch: Span, written: ReturnType<typeof wordShare>): Edit | undefined {
  const judged = backwards(source, JUDGED).map((at) => source[at]);
  if (!isClearly(judged.join(''), written)) return undefined;
  const positions = backwards(source, source.length);
  const whole = positions.map((at) => source[at]).join('');
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

/** Positions of the units from the end on, at least so many; pairs of surrogates stay in order. */
function backwards(source: string, count: number): number[] {
  const positions: number[] = [];
  for (let at = source.length; at > 0 && positions.length < count;) {
    const pair = at > 1 && (source.codePointAt(at - 2) ?? 0) > 0xffff;
    if (pair) positions.push(at - 2, at - 1);
    else positions.push(at - 1);
    at -= pair ? 2 : 1;
  }
  return positions;
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
  const share = wordShare(decoded.slice(0, JUDGED));
  if (share.strong >= 2 && share.letterShare >= 0.5 && share.letterShare > written.letterShare * 2) return true;
  return share.words >= 5 && share.hits >= 3 && share.hits * 3 >= share.words && share.hits >= written.hits * 2 + 2;
}

/** What a stretch is mostly written in. Other scripts have no ciphers that are tried. */
function scriptOf(text: string, { start, end }: Span): 'latin' | 'cyrillic' | 'other' {
  const judged = Math.min(end - start, 200);
  let latin = 0;
  let cyrillic = 0;
  for (let at = start; at < start + judged; at++) {
    const unit = text.charCodeAt(at);
    if ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a) latin++;
    else if (unit >= 0x400 && unit <= 0x4ff) cyrillic++;
  }
  if (cyrillic * 2 > judged) return 'cyrillic';
  return latin * 2 > judged ? 'latin' : 'other';
}
