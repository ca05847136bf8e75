import { bytesEdit } from './bytes.ts';
import { wordShare } from './words.ts';
import type { Edit } from './edit.ts';

interface Notation {
  readonly by: string;
  /** One number; its digits are the first group. */
  readonly unit: RegExp;
  readonly base: number;
  /** What may stand between two numbers. */
  readonly gap: RegExp;
  readonly minimum: number;
  /** Code units of so many numbers. Why: a number that stands alone is too short for most notations. */
  readonly shortest: number;
  /** Tables of numbers look the same: the text must hold known words. */
  readonly doubtful: (digits: string) => boolean;
}

const HEX: Notation = {
  by: 'hex',
  unit: /(?:0x)?([0-9a-f]{2})/gi,
  base: 16,
  gap: /^[\s:,;-]{0,2}$/,
  minimum: 4,
  shortest: 8,
  doubtful: (digits) => !/[a-f]/i.test(digits),
};
const BINARY: Notation = {
  by: 'binary',
  unit: /(?:0b)?([01]{8}|[01]{7}(?![01]))/g,
  base: 2,
  gap: /^[\s,;_-]{0,2}$/,
  minimum: 3,
  shortest: 21,
  doubtful: () => false,
};
const DECIMAL: Notation = {
  by: 'decimal',
  unit: /(\d{1,3})/g,
  base: 10,
  gap: /^[\s,;|.-]{1,2}$/,
  minimum: 5,
  shortest: 9,
  doubtful: () => true,
};
const OCTAL: Notation = {
  by: 'octal',
  unit: /(?:0o?)?([0-7]{2,3})/g,
  base: 8,
  gap: /^[\s,;|-]{1,2}$/,
  minimum: 5,
  shortest: 14,
  doubtful: () => true,
};

/** Bytes written in base 16, together or apart. */
export function hexEdits(text: string): Edit[] {
  return [...numberEdits(text, HEX)];
}

/** Bytes written in base 2, eight or seven digits each. */
export function binaryEdits(text: string): Edit[] {
  return [...numberEdits(text, BINARY)];
}

/** Character codes in base 10 or, where that makes no sense, base 8. */
export function decimalEdits(text: string): Edit[] {
  return [...numberEdits(text, DECIMAL), ...numberEdits(text, OCTAL)];
}

function* numberEdits(text: string, notation: Notation): Generator<Edit> {
  if (text.length < notation.shortest) return;
  let values: number[] = [];
  let starts: number[] = [];
  let ends: number[] = [];
  let end = -1;
  function close(): Edit | undefined {
    const edit = end >= 0 && !isWordUnit(text.charCodeAt(end)) ? runEdit(text, notation, values, starts, ends) : undefined;
    values = [];
    starts = [];
    ends = [];
    end = -1;
    return edit;
  }
  for (const match of text.matchAll(notation.unit)) {
    const at = match.index;
    if (end >= 0 && !(at - end <= 2 && notation.gap.test(text.slice(end, at)))) {
      const edit = close();
      if (edit) yield edit;
    }
    if (end < 0 && at > 0 && isWordUnit(text.charCodeAt(at - 1))) continue;
    values.push(Number.parseInt(match[1] ?? '', notation.base));
    starts.push(at);
    end = at + match[0].length;
    ends.push(end);
  }
  const last = close();
  if (last) yield last;
}

function runEdit(
  text: string,
  notation: Notation,
  values: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
): Edit | undefined {
  const count = values.length;
  if (count < notation.minimum || values.some((value) => value > 255)) return undefined;
  const start = starts[0] ?? 0;
  const end = ends[count - 1] ?? start;
  const bytes = { bytes: Uint8Array.from(values), starts: Int32Array.from(starts), ends: Int32Array.from(ends), count };
  const edit = bytesEdit(start, end, bytes, notation.by);
  return edit && (!notation.doubtful(text.slice(start, end)) || isWords(edit.text)) ? edit : undefined;
}

function isWords(text: string): boolean {
  const share = wordShare(text.slice(0, 2_048));
  return share.strong > 0 && share.letterShare > 0.4;
}

function isWordUnit(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || ((unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a);
}
