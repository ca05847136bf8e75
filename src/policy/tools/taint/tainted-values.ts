import type { ArgumentNode } from '../values/argument-tree.ts';
import type { TaintedValue } from '../tool-decision.ts';
import { fold, mentionsOf } from './mention.ts';
import type { ToolSession } from './session.ts';

/** Why: shorter values stand in any text by chance; and the work is values times text. */
const MIN_LENGTH = 4;
const MAX_LENGTH = 2_000;
const MAX_VALUES = 100;

/**
 * Arguments whose values stand in untrusted content and in nothing that the user or the operator wrote. It explains, and `untainted`
 * rules use it; a value that the model rewrote is not found, so guarded calls are decided by intent and not by this.
 */
export function taintedValues(nodes: readonly ArgumentNode[], session: ToolSession): TaintedValue[] {
  const found: TaintedValue[] = [];
  let looked = 0;
  for (const { path, value } of nodes) {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text.trim().length < MIN_LENGTH) continue;
    if (++looked > MAX_VALUES) break;
    const source = sourceOf(text.trim(), session);
    if (source !== undefined) found.push({ path, source });
  }
  return found;
}

/** Where a value is known from, when it is from untrusted content only. */
export function sourceOf(value: string, session: ToolSession): string | undefined {
  if (isTrusted(value, session)) return undefined;
  const wanted = fold(value.slice(0, MAX_LENGTH));
  const spaceless = wanted.replaceAll(/\s+/g, ' ');
  return session.untrusted.find(({ text }) => text.includes(wanted) || text.includes(spaceless))?.source;
}

/** Whether the user, the operator or a trusted tool wrote the value. */
export function isTrusted(value: string, { turns, operator, lookups }: ToolSession): boolean {
  const knows = (text: string): boolean => mentionsOf(text, value).length > 0;
  return turns.some(knows) || operator.some(knows) || lookups.some(({ text }) => knows(text));
}
