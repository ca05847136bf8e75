import type { Segment, Span } from '../../core/text.ts';

const MAX_TURNS = 6;
const MAX_TURN_LENGTH = 1_000;

/** The last user turns as one text. */
export interface JoinedTurns {
  readonly text: string;
  /** Where the last turn begins. */
  readonly border: number;
  /** The turns that it is made of, whole, those among the segments with their indexes. */
  readonly turns: readonly { readonly text: string; readonly index: number | undefined }[];
  /** Index of the segment that the last turn is. */
  readonly segment: number;
  /** Whether a span reaches over the beginning of the last turn. */
  crosses(span: Span): boolean;
  /** The part of a span within the last turn, by its own offsets. */
  clip(span: Span): Span;
}

/** Joins the last user turns, for instructions that are split over them; undefined where there is one turn only. */
export function splitOverTurns(segments: readonly Segment[], earlier: readonly string[]): JoinedTurns | undefined {
  const at = segments.findLastIndex(({ channel }) => channel === 'user');
  const last = segments[at];
  if (last === undefined || last.text.length > MAX_TURN_LENGTH) return undefined;
  const users = segments.flatMap(({ channel, text }, index) => (channel === 'user' && index < at ? [{ text, index }] : []));
  const before = [...earlier.map((text) => ({ text, index: undefined })), ...users].slice(1 - MAX_TURNS);
  if (before.length === 0) return undefined;
  const border = before.reduce((sum, { text }) => sum + Math.min(text.length, MAX_TURN_LENGTH) + 1, 0);
  const length = last.text.length;
  return {
    // Why when asked for: turns that are known again are known by what they are made of.
    get text() {
      return [...before.map(({ text }) => text.slice(-MAX_TURN_LENGTH)), last.text].join(' ');
    },
    border,
    turns: [...before, { text: last.text, index: at }],
    segment: at,
    crosses: ({ start, end }) => start < border && end > border,
    clip: ({ start, end }) => ({ start: Math.max(0, start - border), end: Math.min(length, Math.max(0, end - border)) }),
  };
}
