import type { ToolRule } from '../../../core/tool-policy.ts';
import type { ReadCall } from '../tool-call.ts';
import type { ToolEffect, ToolReason } from '../tool-decision.ts';
import { selectLeaves } from '../values/select.ts';
import { intentProblem } from './intent.ts';
import { isTainted, type ToolSession } from './session.ts';
import { isTrusted, sourceOf } from './tainted-values.ts';

/** What taint means for a call. */
export interface SinkAnswer {
  readonly effect: ToolEffect;
  readonly reasons: readonly ToolReason[];
  /** The intent rule that covers the call. */
  readonly intent?: string;
}

/** Judges a call that matched a rule by what entered the session before it. */
export function taintReasons(rule: ToolRule, { root, key }: ReadCall, session: ToolSession): SinkAnswer {
  if (!isTainted(session)) return { effect: 'allow', reasons: [] };
  const otherwise: ToolEffect = rule.without === 'deny' ? 'deny' : 'hold';
  const foreign = rule.untainted
    .flatMap((place) => selectLeaves(root, place))
    .flatMap(({ path, value }): ToolReason[] => {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string' || text.trim() === '') return [];
      const source =
        sourceOf(text.trim(), session) ??
        (session.forgot && !isTrusted(text, session) ? 'content that is too much to remember' : undefined);
      return source === undefined ? [] : [{ id: 'tainted-value', path, message: `${path} has a value that only ${source} knows` }];
    });
  const value: SinkAnswer = { effect: foreign.length > 0 ? otherwise : 'allow', reasons: foreign };
  if (rule.sink === 'none' || rule.whenTainted === 'allow') return value;
  const what = `${key} can ${rule.sink}, and untrusted content entered from ${session.sources.slice(0, 3).join(', ')}`;
  if (rule.whenTainted === 'deny') return { effect: 'deny', reasons: [...foreign, { id: 'taint', message: what }] };
  if (rule.whenTainted === 'approve')
    return { effect: stricter(otherwise, value.effect), reasons: [...foreign, { id: 'taint', message: what }] };
  const problems: string[] = [];
  for (const intent of rule.intent) {
    const problem = intentProblem(intent, intentKey(rule.id, intent.id), root, session);
    if (problem === undefined) return { ...value, intent: intent.id };
    problems.push(problem);
  }
  const why = problems.length === 0 ? 'no intent rule says when the user asked for it' : problems.join('; ');
  return { effect: otherwise, reasons: [...foreign, { id: 'taint', message: `${what}; ${why}` }] };
}

function stricter(one: ToolEffect, other: ToolEffect): ToolEffect {
  return one === 'deny' || other === 'deny' ? 'deny' : 'hold';
}

/** Under which name the uses of an intent rule are counted. */
export function intentKey(rule: string, intent: string): string {
  return `${rule}/${intent}`;
}
