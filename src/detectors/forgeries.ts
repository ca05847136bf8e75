import type { Detection } from '../core/text.ts';
import { fakeTurns } from '../patterns/phrases/fake-turns.ts';
import type { TextSubject } from './text-subject.ts';

/** Fewer tag characters spell no word. */
const MIN_TAGS = 4;

/** What pretends to be another text than it is, in prompts and data alike: forged turns, and text in characters that nobody sees. */
export function* forgeries<RuleId extends string>(
  { normalised: { text, map, signals } }: TextSubject,
  rules: { readonly turn: RuleId; readonly hidden: RuleId },
): Generator<Detection<RuleId>> {
  for (const { start, end, score } of fakeTurns(text)) yield { rule: rules.turn, span: map.toOriginal(start, end), score };
  const tags = signals.hidden.find(({ kind, count }) => kind === 'tag' && count >= MIN_TAGS);
  if (tags !== undefined) yield { rule: rules.hidden, span: { start: tags.start, end: tags.end }, score: 0.95 };
}
