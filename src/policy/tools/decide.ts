import type { ToolPolicy, ToolRule } from '../../core/tool-policy.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { matchesGlob } from '../glob.ts';
import { egressCheck } from './egress/egress.ts';
import { pathCheck } from './paths/paths.ts';
import { EVERY_TOOL } from './pins.ts';
import { shellCheck } from './shell/shell.ts';
import { sqlCheck } from './sql/sql.ts';
import { taintReasons } from './taint/guard-sink.ts';
import { isTainted, type ToolSession } from './taint/session.ts';
import { taintedValues } from './taint/tainted-values.ts';
import { type ReadCall, readCall, type ToolCall } from './tool-call.ts';
import type { ToolDecision, ToolEffect, ToolReason } from './tool-decision.ts';
import { isNamed } from './tool-name.ts';
import { type ArgumentCheck, argumentCheck } from './values/constraints.ts';
import { additionalCheck } from './values/additional.ts';

interface CompiledRule {
  readonly rule: ToolRule;
  readonly when: readonly ArgumentCheck[];
  readonly checks: readonly ArgumentCheck[];
}

/** A policy of tool calls, ready to be asked. */
export interface CompiledToolPolicy {
  readonly policy: ToolPolicy;
  readonly rules: readonly CompiledRule[];
}

/** Compiles a policy once. Throws `config.invalid` that names the rule. */
export function compileToolPolicy(policy: ToolPolicy): CompiledToolPolicy {
  return { policy, rules: policy.tools.map((rule) => compileRule(rule)) };
}

function compileRule(rule: ToolRule): CompiledRule {
  try {
    // Why `required`: a condition on an argument that is absent does not hold, else leaving it out would select a milder rule.
    const when = rule.when.map((condition) => argumentCheck({ ...condition, required: !condition.absent }));
    const checks = [...rule.arguments.map(argumentCheck), additionalCheck(rule)];
    if (rule.egress !== undefined) checks.push(egressCheck(rule.egress));
    if (rule.paths !== undefined) checks.push(pathCheck(rule.paths));
    if (rule.sql !== undefined) checks.push(sqlCheck(rule.sql));
    if (rule.shell !== undefined) checks.push(shellCheck(rule.shell));
    return { rule, when, checks };
  } catch (error) {
    throw new CordonError('config.invalid', `toolPolicy: ${rule.id}: ${errorMessage(error)}`, { cause: error });
  }
}

/**
 * Decides one call. Changes nothing: whoever lets the call run records it. More untrusted content in the session never makes the
 * answer milder, because only words of the user, the operator and trusted tools can cover a guarded call.
 */
export function decideToolCall(
  { policy, rules }: CompiledToolPolicy,
  session: ToolSession,
  call: ToolCall,
  approved = false,
): ToolDecision {
  const read = readCall(call);
  if ('problem' in read) {
    return { effect: 'deny', rule: 'default', reasons: [{ id: 'arguments', message: read.problem }], tainted: [], digest: read.digest };
  }
  const tainted = isTainted(session) ? taintedValues(read.nodes, session) : [];
  const { key, digest, root } = read;
  const refused = refusalOf(session, key, call.server);
  const matching = rules.find((compiled) => matches(compiled, read));
  const rule = matching?.rule.id ?? 'default';
  const reasons: ToolReason[] = [];
  let effect: ToolEffect = 'allow';
  const add = (to: ToolEffect, ...more: readonly ToolReason[]): void => {
    if (more.length > 0) effect = stricter(effect, to);
    reasons.push(...more);
  };
  if (refused !== undefined) add('deny', { id: 'description', message: `the description of ${key} is not to be trusted: ${refused}` });
  if (policy.pins.mode === 'required' && call.server !== undefined && !Object.hasOwn(session.pins, key)) {
    add('deny', { id: 'description', message: `the description of ${key} has not been read` });
  }
  if (matching === undefined) {
    if (policy.default !== 'allow') add(effectOf(policy.default), { id: 'default', message: `no rule is about ${key}` });
    else if (isTainted(session))
      add('hold', { id: 'taint', message: `no rule says what ${key} does, and untrusted content entered from ${sourcesOf(session)}` });
    return finish(undefined);
  }
  if (matching.rule.effect !== 'allow')
    add(effectOf(matching.rule.effect), { id: 'rule', message: `the rule ${rule} says ${matching.rule.effect}` });
  add('deny', ...matching.checks.flatMap((check) => check(root)));
  const guarded = taintReasons(matching.rule, read, session);
  add(guarded.effect, ...guarded.reasons);
  return finish(guarded.intent);

  function finish(intent: string | undefined): ToolDecision {
    const lifted = approved && effect === 'hold';
    if (lifted) reasons.push({ id: 'approval', message: 'somebody approved exactly this call' });
    const answer = { effect: lifted ? 'allow' : effect, rule, reasons: reasons.slice(0, MAX_REASONS), tainted, digest } as const;
    return intent === undefined ? answer : { ...answer, intent };
  }
}

const MAX_REASONS = 50;
const RANK: readonly ToolEffect[] = ['allow', 'hold', 'deny'];

function stricter(one: ToolEffect, other: ToolEffect): ToolEffect {
  return RANK.indexOf(one) >= RANK.indexOf(other) ? one : other;
}

function effectOf(effect: 'allow' | 'deny' | 'approve'): ToolEffect {
  return effect === 'approve' ? 'hold' : effect;
}

function matches({ rule, when }: CompiledRule, { call, key, root }: ReadCall): boolean {
  if (!isNamed(rule.tool, call.tool, key)) return false;
  if (rule.server !== undefined && !matchesGlob(call.server ?? '', rule.server)) return false;
  return when.every((check) => check(root).length === 0);
}

function refusalOf({ refused }: ToolSession, key: string, server: string | undefined): string | undefined {
  if (Object.hasOwn(refused, key)) return refused[key];
  return server === undefined ? undefined : refused[EVERY_TOOL];
}

/** Where untrusted content came from, for a message. */
function sourcesOf({ sources }: ToolSession): string {
  return sources.length <= 3 ? sources.join(', ') : `${sources.slice(0, 3).join(', ')} and ${sources.length - 3} more`;
}
