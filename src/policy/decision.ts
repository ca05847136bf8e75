import { type Decision, type Effect, EFFECTS, type Reason } from '../core/decision.ts';
import { printable } from '../core/printable.ts';
import { digestOf } from './digest-of.ts';
import type { PolicyInput } from './input-document.ts';

/** Ids of reasons that say "could not be read to its end" instead of "is bad": alone they lead to exit code 2. */
export const INCOMPLETE = 'incomplete';
export const UNREAD = 'unread';

/** What an engine found, before it becomes a decision. */
export interface Ruling {
  readonly engine: Decision['engine'];
  /** sha256 of the policy. */
  readonly policy: string;
  readonly allowIncomplete: boolean;
  readonly reasons: readonly Reason[];
}

/**
 * Makes the decision document: reasons in a fixed order, the worst effect, the digests. Why incompleteness is judged here and
 * not by the policy: no engine and no rule set may forget that what was not read is not clean.
 */
export function toDecision(ruling: Ruling, input: PolicyInput): Decision {
  const incomplete = incompleteReason(input, ruling.allowIncomplete);
  const reasons = [...ruling.reasons, ...(incomplete === undefined ? [] : [incomplete])].toSorted(byEffectAndId);
  return {
    gate: input.context.gate,
    effect: reasons[0]?.effect ?? 'allow',
    reasons,
    engine: ruling.engine,
    policy: ruling.policy,
    subject: subjectDigest(input),
    evidence: [digestOf(input)],
  };
}

/** 0 the gate allows, 1 it denies, 2 it denies only because the scan could not be completed. */
export function exitCode(decision: { readonly effect: Effect; readonly reasons: readonly Reason[] }): 0 | 1 | 2 {
  if (decision.effect !== 'deny') return 0;
  const denying = decision.reasons.filter((reason) => reason.effect === 'deny');
  return denying.every((reason) => reason.id === INCOMPLETE || reason.id === UNREAD) ? 2 : 1;
}

function incompleteReason(input: PolicyInput, isAllowed: boolean): Reason | undefined {
  if (input.completeness === 'complete') return undefined;
  const partial = input.artifacts.flatMap((artifact, index) => (artifact.completeness === 'complete' ? [] : [{ artifact, index }]));
  const named = partial.slice(0, 3).map(({ artifact }) => `${artifact.path} (${artifact.reasons[0] ?? artifact.completeness})`);
  const more = partial.length > named.length ? `, and ${partial.length - named.length} more` : '';
  return {
    id: INCOMPLETE,
    effect: isAllowed ? 'warn' : 'deny',
    message: printable(`Not read to the end: ${named.length === 0 ? 'the scan as a whole' : named.join(', ')}${more}`),
    inputs: [
      `completeness=${JSON.stringify(input.completeness)}`,
      ...partial.slice(0, 10).map(({ artifact, index }) => `artifacts[${index}].completeness=${JSON.stringify(artifact.completeness)}`),
    ],
  };
}

/** sha256 over the sorted (path, sha256) of the artifacts: what was decided on. */
function subjectDigest(input: PolicyInput): string {
  const pairs = input.artifacts.map(({ path, sha256 }) => [path, sha256]);
  return digestOf(pairs.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

function byEffectAndId(a: Reason, b: Reason): number {
  const order = EFFECTS.indexOf(b.effect) - EFFECTS.indexOf(a.effect);
  if (order !== 0) return order;
  const [left, right] = [`${a.id}\n${a.message}`, `${b.id}\n${b.message}`];
  return left < right ? -1 : Number(left > right);
}
