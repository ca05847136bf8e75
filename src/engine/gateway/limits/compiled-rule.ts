import { createHash } from 'node:crypto';
import type { BudgetPeriod, KeyLimits, LimitRule, LimitSubject } from '../../../core/gateway-limits-config.ts';
import type { Call } from '../call.ts';
import { addressGroup, addressMatcher } from './addresses.ts';
import { fitsAny } from './fits.ts';
import type { LimitKind } from './limits.ts';
import { PERIOD_MS } from './meter.ts';

/** One number of one rule. */
export interface Measure {
  readonly kind: LimitKind;
  /** Calls, tokens, places or micro-dollars. */
  readonly limit: number;
  readonly windowMs: number;
  readonly period: BudgetPeriod;
  /** Names the counters of this measure, whatever the number is. */
  readonly name: string;
}

/** A rule, ready to be asked. */
export interface CompiledRule {
  readonly id: string;
  readonly dryRun: boolean;
  readonly measures: readonly Measure[];
  matches(call: Call): boolean;
  /** The values that are counted, each by itself. */
  subjects(call: Call, session: string | undefined): readonly string[];
}

/** Id of the rule that a key carries by itself; no rule of the configuration can be called so. */
export const KEY_RULE = '@key';
/** Why: values come from clients, and names of counters go to stores. */
const LONGEST_VALUE = 120;

/** A rule of the configuration. */
export function compileRule(rule: LimitRule): CompiledRule {
  const { keys, principals, teams, ips, models, routes } = rule.match;
  const inRange = ips === undefined ? undefined : addressMatcher(ips);
  return {
    id: rule.id,
    dryRun: rule.dryRun,
    measures: measuresOf(rule.id, rule),
    matches: ({ caller, model, route }) =>
      fitsAny(caller.key, keys) &&
      (fitsAny(caller.principal.id, principals) || fitsAny(caller.principal.name, principals)) &&
      (teams === undefined || caller.teams.some((team) => fitsAny(team, teams))) &&
      (inRange === undefined || inRange(caller.ip)) &&
      fitsAny(model, models) &&
      fitsAny(route, routes),
    subjects: (call, session) => subjectsOf(rule.per, call, session, teams).map(bounded),
  };
}

/** What a key may use by itself. */
export function compileKeyLimits(limits: KeyLimits): CompiledRule {
  return {
    id: KEY_RULE,
    dryRun: false,
    measures: measuresOf(KEY_RULE, limits),
    matches: () => true,
    subjects: (call) => subjectsOf('key', call, undefined, undefined).map(bounded),
  };
}

function measuresOf(id: string, { requests, tokens, concurrency, budget }: KeyLimits): readonly Measure[] {
  const measures: Measure[] = [];
  const add = (kind: LimitKind, limit: number, per: string, windowMs: number, period: BudgetPeriod): void =>
    void measures.push({ kind, limit, windowMs, period, name: `${id}/${kind}/${per}` });
  if (requests !== undefined) add('requests', requests.count, requests.per, PERIOD_MS[requests.per], 'total');
  if (tokens !== undefined) add('tokens', tokens.count, tokens.per, PERIOD_MS[tokens.per], 'total');
  if (concurrency !== undefined) add('concurrency', concurrency, 'now', 0, 'total');
  if (budget !== undefined) add('budget', Math.round(budget.usd * 1e6), budget.per, 0, budget.per);
  return measures;
}

function subjectsOf(
  per: LimitSubject,
  { caller, model, route }: Call,
  session: string | undefined,
  teams: readonly string[] | undefined,
): readonly string[] {
  const principal = caller.principal.id;
  switch (per) {
    case 'all':
      return ['all'];
    // Why not nothing: who has no key would have no limit.
    case 'key':
      return [caller.key ?? `principal:${principal}`];
    case 'principal':
      return [principal];
    case 'team':
      return [...new Set(caller.teams)].filter((team) => fitsAny(team, teams));
    case 'ip':
      return [addressGroup(caller.ip)];
    case 'model':
      return model === '' ? [] : [model];
    case 'route':
      return [route];
    // Why the principal: the name of a session is the client's, and must not be somebody else's.
    case 'session':
      return [session === undefined || session === '' ? `principal:${principal}` : `${principal}/${session}`];
  }
}

function bounded(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
