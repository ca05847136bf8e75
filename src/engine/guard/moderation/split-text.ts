import type { ProviderLimits } from '../../../detectors/moderation/adapter.ts';

/** A part of a text and where it begins, in UTF-16 code units. */
export interface TextPart {
  readonly start: number;
  readonly text: string;
}

/** How much of a part is read again with the next one. Why: a sentence that is cut in two says nothing in either half. */
const OVERLAP = { share: 0.1, most: 400 };

/**
 * Parts of a text, none longer than a provider reads, each reaching back into the one before it. Cut between words where there are any,
 * never within a code point.
 */
export function splitText(text: string, { length, unit }: Pick<ProviderLimits, 'length' | 'unit'>): readonly TextPart[] {
  const parts: TextPart[] = [];
  let start = 0;
  for (;;) {
    const most = furthest(text, start, length, unit);
    if (most >= text.length) return [...parts, { start, text: text.slice(start) }];
    const end = wordEnd(text, start, most);
    parts.push({ start, text: text.slice(start, end) });
    start = whole(text, Math.max(start + 1, end - Math.min(OVERLAP.most, Math.floor((end - start) * OVERLAP.share))));
  }
}

/** The end of the longest part that begins at `start`. */
function furthest(text: string, start: number, length: number, unit: ProviderLimits['unit']): number {
  if (unit === 'utf-16') return whole(text, Math.min(text.length, start + length));
  let at = start;
  for (let bytes = 0; at < text.length;) {
    const point = text.codePointAt(at)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_00_00 ? 3 : 4;
    if (bytes > length) break;
    at += point < 0x1_00_00 ? 1 : 2;
  }
  return at;
}

/** Just after the last white space in the second half of a part; its end where there is none. */
function wordEnd(text: string, start: number, end: number): number {
  for (let at = end; at > start + (end - start) / 2; at--) if (/\s/.test(text[at - 1]!)) return at;
  return end;
}

/** The same place, or the one before it where it would fall into a surrogate pair. */
function whole(text: string, at: number): number {
  const isInside = /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '');
  return isInside ? at - 1 : at;
}
