import type { Segment, Span } from '../../core/text.ts';

const MAX_TURNS = 6;
const MAX_TURN_LENGTH = 1_000;

/** The last user turns as one text. */
export interface JoinedTurns {
  readonly text: string;
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
  const users = segments.slice(0, at).filter(({ channel }) => channel === 'user');
  const before = [...earlier, ...users.map(({ text }) => text)].slice(1 - MAX_TURNS).map((text) => text.slice(-MAX_TURN_LENGTH));
  if (before.length === 0) return undefined;
  const head = `${before.join(' ')} `;
  const length = last.text.length;
  return {
    text: head + last.text,
    segment: at,
    crosses: ({ start, end }) => start < head.length && end > head.length,
    clip: ({ start, end }) => ({ start: Math.max(0, start - head.length), end: Math.min(length, Math.max(0, end - head.length)) }),
  };
}
