import { bytesEdit, sourcedBytes } from './bytes.ts';
import type { Normalised } from '../normalise/normalise.ts';
import type { Edit } from './edit.ts';

const MIN_BYTES = 4;

/** Text written in characters that do not show: bytes as variation selectors, bits as zero-width characters. In original offsets. */
export function smuggledEdits({ original, signals }: Normalised): Edit[] {
  const edits: Edit[] = [];
  if ((signals.hiddenCounts['variation-selector'] ?? 0) >= MIN_BYTES) {
    for (const run of signals.hidden) {
      if (run.kind === 'variation-selector' && run.count >= MIN_BYTES) edits.push(...selectorEdits(original, run.start, run.end));
    }
  }
  if ((signals.hiddenCounts['zero-width'] ?? 0) >= MIN_BYTES * 8) edits.push(...bitEdits(original));
  return edits;
}

/** VS1 to VS16 are bytes 0 to 15, VS17 to VS256 the others. */
function selectorEdits(text: string, start: number, end: number): Edit[] {
  const out = sourcedBytes(end - start);
  for (let at = start; at < end;) {
    const code = text.codePointAt(at) ?? 0;
    const next = at + (code > 0xffff ? 2 : 1);
    const value = code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00;
    if (value >= 0 && value < 256) {
      out.bytes[out.count] = value;
      out.starts[out.count] = at;
      out.ends[out.count] = next;
      out.count++;
    }
    at = next;
  }
  const edit = bytesEdit(start, end, out, 'variation-selectors');
  return edit ? [edit] : [];
}

/** Two zero-width characters as 0 and 1, in either sense, wherever in the text they stand; a third one separates. */
function bitEdits(text: string): Edit[] {
  const found = [...text.matchAll(/[\u200b-\u200d\u2060\ufeff]/g)];
  const counts = new Map<string, number>();
  for (const [char] of found) counts.set(char, (counts.get(char) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]).map(([char]) => char);
  if (first === undefined || second === undefined) return [];
  const bits = found.filter(([char]) => char === first || char === second);
  for (const one of [first, second]) {
    const out = sourcedBytes(Math.floor(bits.length / 8));
    while (out.count < out.bytes.length) {
      let value = 0;
      for (let bit = 0; bit < 8; bit++) value = value * 2 + (bits[out.count * 8 + bit]?.[0] === one ? 1 : 0);
      out.bytes[out.count] = value;
      out.starts[out.count] = bits[out.count * 8]?.index ?? 0;
      out.ends[out.count] = (bits[out.count * 8 + 7]?.index ?? 0) + 1;
      out.count++;
    }
    const start = out.starts[0] ?? 0;
    // Only the first character is replaced: the bits may stand between letters that must stay.
    const edit = bytesEdit(start, start + 1, out, 'zero-width-bits');
    if (edit)
      return [
        {
          ...edit,
          text: ` ${edit.text} `,
          starts: [start, ...Array.from(edit.starts ?? []), start],
          ends: [start, ...Array.from(edit.ends ?? []), start + 1],
        },
      ];
  }
  return [];
}
