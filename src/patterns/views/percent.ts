import { sourcedBytes } from './bytes.ts';
import type { Edit } from './edit.ts';

const RUN = /(?:%[0-9a-f]{2}){1,1000}|%u[0-9a-f]{4}/gi;
const PLUS = /\+(?=\w)/g;
const WORD = /\w/;

/** Percent-encoding; plus signs count as spaces where the text has several of them. */
export function percentEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(RUN)) edits.push(...runEdits(match[0], match.index));
  const pluses = [...text.matchAll(PLUS)].filter(({ index }) => WORD.test(text.charAt(index - 1)));
  if (pluses.length >= 3) {
    for (const { index } of pluses) edits.push({ start: index, end: index + 1, text: ' ', by: 'percent' });
  }
  return edits;
}

function runEdits(run: string, start: number): Edit[] {
  if (run[1] === 'u' || run[1] === 'U') {
    return [{ start, end: start + 6, text: String.fromCharCode(Number.parseInt(run.slice(2), 16)), by: 'percent' }];
  }
  const bytes = sourcedBytes(run.length / 3);
  for (let at = 0; at < run.length; at += 3) bytes.bytes[bytes.count++] = Number.parseInt(run.slice(at + 1, at + 3), 16);
  const text = new TextDecoder().decode(bytes.bytes);
  // One unit for each byte maps exactly; otherwise the run maps as a whole.
  const exact = text.length === bytes.count;
  const starts = Int32Array.from({ length: bytes.count }, (_, at) => start + at * 3);
  return [{ start, end: start + run.length, text, by: 'percent', ...(exact ? { starts, ends: starts.map((at) => at + 3) } : {}) }];
}
