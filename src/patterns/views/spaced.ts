import { isEnglish } from './dictionary.ts';
import { textCost } from './letter-cost.ts';
import { splitWords } from './split-words.ts';
import { wordShare } from './words.ts';
import type { Edit } from './edit.ts';

/** Signs that stand for letters in leetspeak count where they stand alone. */
const WORD = /[\p{L}\p{M}\p{N}]+|(?<!\S)[@$!|](?!\S)/gu;
const LEET: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  9: 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};
const MIN_SINGLES = 5;
/** A wider gap ends the run. */
const MAX_GAP = 6;

interface Single {
  readonly char: string;
  readonly start: number;
  readonly end: number;
  /** What stands between it and the single before. */
  readonly gap: string;
}

/** Letters written apart, whatever stands between them; what differs from the usual gap is the border of a word. */
export function spacedEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  let run: Single[] = [];
  let last = 0;
  function close(): void {
    if (run.length >= MIN_SINGLES) {
      const edit = joinRun(run);
      if (edit) edits.push(edit);
    }
    run = [];
  }
  for (const match of text.matchAll(WORD)) {
    const char = match[0];
    const end = match.index + char.length;
    const isSingle = char.length === 1 || (char.length === 2 && char.codePointAt(0) !== char.charCodeAt(0));
    if (!isSingle || match.index - last > MAX_GAP) close();
    if (isSingle) run.push({ char, start: match.index, end, gap: run.length === 0 ? '' : text.slice(last, match.index) });
    last = end;
  }
  close();
  return edits;
}

function joinRun(run: readonly Single[]): Edit | undefined {
  const usual = usualGap(run);
  let out = '';
  const starts: number[] = [];
  const ends: number[] = [];
  run.forEach((single, index) => {
    const before = run[index - 1];
    if (before && single.gap !== usual) {
      const sign = borderOf(single.gap, usual);
      for (const char of sign) {
        out += char;
        starts.push(before.end);
        ends.push(single.start);
      }
    }
    out += single.char;
    for (let unit = 0; unit < single.char.length; unit++) {
      starts.push(single.start);
      ends.push(single.end);
    }
  });
  if (!isTextLike(out) && !isTextLike(out.replace(/[01345789@$!|]/g, (sign) => LEET[sign] ?? sign))) return undefined;
  const split = /\s/.test(out) ? undefined : splitWords(out);
  const edit = { start: run[0]?.start ?? 0, end: run.at(-1)?.end ?? 0, by: 'spaced-letters' };
  if (!split) return { ...edit, text: out, starts, ends };
  // Each inserted space belongs to the gap after the letter before it.
  const positions = split.positions;
  return { ...edit, text: split.text, starts: positions.map((at) => starts[at] ?? 0), ends: positions.map((at) => ends[at] ?? 0) };
}

/** The gap that stands between most letters; of two equally common ones the shorter. */
function usualGap(run: readonly Single[]): string {
  const counts = new Map<string, number>();
  for (const { gap } of run.slice(1)) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  let best = '';
  let most = 0;
  for (const [gap, count] of counts) {
    if (count > most || (count === most && gap.length < best.length)) {
      best = gap;
      most = count;
    }
  }
  return best;
}

/** What a gap between words becomes: its punctuation and a space; an apostrophe or a hyphen alone keeps the word together. */
function borderOf(gap: string, usual: string): string {
  const signs = gap.replace(/\s+/g, '').replaceAll(usual.trim() === '' ? '\0' : usual.trim(), '');
  if (signs === "'" || (signs === '-' && gap.length <= usual.length * 2 + 1)) return signs;
  return `${signs} `;
}

function isTextLike(out: string): boolean {
  const letters = out.replace(/[^\p{L}]/gu, '');
  if (letters.length < MIN_SINGLES || letters.length * 10 < out.replace(/\s/g, '').length * 6 || new Set(letters.toLowerCase()).size < 4)
    return false;
  if (isEnglish(letters.toLowerCase())) return true;
  const sample = out.slice(0, 2_048);
  if (/^[^a-z]*$/i.test(sample)) return letters.length >= 6;
  return wordShare(sample).letterShare >= 0.4 || textCost(sample) < 9.5 || (!/\s/.test(out) && splitWords(sample) !== undefined);
}
