import type { KeyLimits, LimitsConfig } from '../../../core/gateway-limits-config.ts';
import type { Call } from '../call.ts';
import { compileKeyLimits, compileRule, type CompiledRule } from './compiled-rule.ts';
import type { Counter } from './counter.ts';
import type { Counters } from './counters.ts';

/** Why bounded: names of models and sessions are the client's. */
const MOST_PLANS = 10_000;

/** One counter that a call passes. */
export interface Step {
  readonly rule: string;
  readonly dryRun: boolean;
  readonly counter: Counter;
}

interface Plan {
  readonly call: Call;
  readonly session: string | undefined;
  readonly generation: number;
  readonly steps: readonly Step[];
}

/** Finds the counters of a call, and remembers them: the same caller calls again. */
export class Planner {
  readonly #counters: Counters;
  readonly #plans = new Map<string, Plan>();
  readonly #keyRules = new WeakMap<KeyLimits, CompiledRule>();
  #rules: readonly CompiledRule[];

  constructor(counters: Counters, config: LimitsConfig) {
    this.#counters = counters;
    this.#rules = config.rules.map(compileRule);
  }

  configure(config: LimitsConfig): void {
    this.#rules = config.rules.map(compileRule);
    this.#plans.clear();
  }

  steps(call: Call, session: string | undefined, now: number): readonly Step[] {
    const { caller } = call;
    const name = `${caller.key ?? ''}|${caller.principal.id}|${caller.ip}|${call.route}|${call.model}|${session ?? ''}`;
    const known = this.#plans.get(name);
    if (known !== undefined && known.generation === this.#counters.generation && same(known, call, session)) return known.steps;
    const steps = this.#find(call, session, now);
    if (this.#plans.size >= MOST_PLANS) this.#plans.clear();
    this.#plans.set(name, { call, session, steps, generation: this.#counters.generation });
    return steps;
  }

  #find(call: Call, session: string | undefined, now: number): readonly Step[] {
    const steps: Step[] = [];
    const seen = new Set<Counter>();
    const own = call.caller.limits;
    for (const rule of own === undefined ? this.#rules : [this.#keyRule(own), ...this.#rules]) {
      if (!rule.matches(call)) continue;
      for (const value of rule.subjects(call, session)) {
        for (const measure of rule.measures) {
          const counter = this.#counters.of(rule.id, measure, value, now);
          if (seen.has(counter)) continue;
          seen.add(counter);
          steps.push({ rule: rule.id, dryRun: rule.dryRun, counter });
        }
      }
    }
    // Why last: what is dear to ask for is asked for only when nothing else refuses.
    return steps.sort((a, b) => Number(a.counter.client !== undefined) - Number(b.counter.client !== undefined));
  }

  #keyRule(limits: KeyLimits): CompiledRule {
    let rule = this.#keyRules.get(limits);
    if (rule === undefined) this.#keyRules.set(limits, (rule = compileKeyLimits(limits)));
    return rule;
  }
}

/** Why all of it: the name of a plan is made of what clients send, and might be made to look like another. */
function same(plan: Plan, call: Call, session: string | undefined): boolean {
  if (plan.call === call) return plan.session === session;
  const [was, is] = [plan.call.caller, call.caller];
  if (plan.call.model !== call.model || plan.call.route !== call.route || plan.session !== session) return false;
  if (was === is) return true;
  return (
    was.key === is.key &&
    was.ip === is.ip &&
    was.principal.id === is.principal.id &&
    was.principal.name === is.principal.name &&
    was.limits === is.limits &&
    (was.teams === is.teams || (was.teams.length === is.teams.length && was.teams.every((team, at) => team === is.teams[at])))
  );
}
