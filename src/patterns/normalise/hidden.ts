import type { Span } from '../../core/text.ts';

/** The sorts of characters that a reader does not see but a model reads. */
export const HIDDEN_KINDS = [
  'tag',
  'zero-width',
  'bidi',
  'soft-hyphen',
  'variation-selector',
  'invisible-operator',
  'filler',
  'control',
] as const;
export type HiddenKind = (typeof HIDDEN_KINDS)[number];

/** A run of hidden characters of one sort, in the original text. */
export interface HiddenRun extends Span {
  readonly kind: HiddenKind;
  readonly count: number;
}

/** The sort of a hidden code point; undefined for one that shows. */
export function hiddenKind(code: number): HiddenKind | undefined {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d ? undefined : 'control';
  if (code < 0x7f) return undefined;
  if (code < 0xa0) return code === 0x85 ? undefined : 'control';
  if (code >= 0xe0000) {
    if (code <= 0xe007f) return 'tag';
    return code >= 0xe0100 && code <= 0xe01ef ? 'variation-selector' : undefined;
  }
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x180b && code <= 0x180d) || code === 0x180f) return 'variation-selector';
  if (code >= 0x200b && code <= 0x200d) return 'zero-width';
  if (code === 0x200e || code === 0x200f || code === 0x61c) return 'bidi';
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x206f)) return 'bidi';
  if (code >= 0x2060 && code <= 0x2065) return code === 0x2060 ? 'zero-width' : 'invisible-operator';
  if (code >= 0x1d173 && code <= 0x1d17a) return 'invisible-operator';
  if (code >= 0xfff9 && code <= 0xfffb) return 'invisible-operator';
  switch (code) {
    case 0xad:
      return 'soft-hyphen';
    case 0xfeff:
    case 0x180e:
      return 'zero-width';
    case 0x34f:
    case 0x115f:
    case 0x1160:
    case 0x17b4:
    case 0x17b5:
    case 0x3164:
    case 0xffa0:
      return 'filler';
    default:
      return undefined;
  }
}

/** How many runs are kept one by one; the counts go on. Why: a megabyte of zero-width characters must not become a million objects. */
const MAX_RUNS = 1_000;

/** Collects hidden characters in the order of the text. */
export class HiddenCollector {
  readonly runs: HiddenRun[] = [];
  readonly counts: Partial<Record<HiddenKind, number>> = {};
  #open: { kind: HiddenKind; start: number; end: number; count: number } | undefined;

  add(kind: HiddenKind, start: number, end: number): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    const open = this.#open;
    if (open?.kind === kind && open.end === start) {
      open.end = end;
      open.count++;
      return;
    }
    if (this.runs.length >= MAX_RUNS) {
      this.#open = undefined;
      return;
    }
    this.#open = { kind, start, end, count: 1 };
    this.runs.push(this.#open);
  }
}
