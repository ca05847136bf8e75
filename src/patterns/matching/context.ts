import type { ContextRule } from './pattern.ts';

/** Code units looked at before a match when a rule says nothing else. */
const DEFAULT_WITHIN = 48;
/** Why: a stream keeps this much of what it has passed on, so that it decides as the full text would. */
export const MAX_CONTEXT = 120;

const FILLER =
  '(?:[\\s:=#"\'`*_|>,.()\\[\\]{}\\\\/-]|number|nummer|num[ée]ro|n[úu]mero|nr|num|no|n°|nº|id|is|was|are|value|code|of|my|the|on|in|at|under|to|le|am|den|il|el|ist|est|es|card|full|new){0,24}';

const GAP = { no: '', near: `${FILLER}$`, touching: '[\\s:="\'*_-]{0,6}$' } as const;

/** Says whether the text before `start` holds the context. */
export type ContextTest = (text: string, start: number) => boolean;

/** How many code units before the match the context word may begin. */
export function contextReach(rule: ContextRule): number {
  return Math.min(rule.within ?? DEFAULT_WITHIN, MAX_CONTEXT);
}

/** Compiles a context rule; reads at most {@link MAX_CONTEXT} + 1 code units before the match and nothing after it. */
export function compileContext(rule: ContextRule): ContextTest {
  const within = contextReach(rule);
  const words =
    rule.raw === true ? rule.words : rule.words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '[\\s_-]{0,3}'));
  // Why the ends differ: many scripts write no space between words, so only Latin letters may not go on.
  const found = new RegExp(
    `[^A-Za-z0-9À-ɏ](?:${words.join('|')})${rule.raw === true ? '' : '(?![A-Za-zÀ-ɏ])'}${GAP[rule.adjacent ?? 'no']}`,
    'i',
  );
  return (text, start) => {
    const from = start - within - 1;
    return found.test(from < 0 ? ` ${text.slice(0, start)}` : text.slice(from, start));
  };
}
