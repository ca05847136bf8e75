import type { Call, Usage } from '../call.ts';
import { costAtMost, costOf, type Price } from '../prices/price.ts';
import { rateLimitHeaders } from './headers.ts';
import { LeasedBudget } from './leased-budget.ts';
import type { Admission, Admitted, Asked, LimitKind, LimitsEvent, Refused } from './limits.ts';
import { ASK, NO, YES, type LeasedMeter, type Meter } from './meter.ts';
import type { Step } from './planner.ts';

/** What all calls have in common. */
export interface Desk {
  readonly now: () => number;
  readonly unpriced: 'refuse' | 'free';
  readonly waitMs: number;
  readonly onEvent: (event: LimitsEvent) => void;
}

const UNPRICED = 'no price is known for this model, and a budget applies to the call';
/** Why: no client waits longer by itself, and SDKs that are told to would come again sooner. */
const LONG_SECONDS = 60;
const TOKENS_PER_COUNT = 1_000_000_000;

/** Takes what a call needs from all of its counters, or from none. */
export function admitCall(desk: Desk, call: Call, asked: Asked, steps: readonly Step[]): Admission | Promise<Admission> {
  const amounts = amountsOf(call, asked);
  const needed = asked.isBeside === true ? steps.filter(({ counter }) => counter.at(desk.now()).kind !== 'concurrency') : steps;
  const answer = tryOnce(desk, call, asked, needed, amounts, desk.now());
  return answer ?? afterAsking(desk, call, asked, needed, amounts);
}

interface Amounts {
  readonly tokens: number;
  /** Micro-dollars; undefined: no price. */
  readonly cost: number | undefined;
}

function amountsOf({ model }: Call, { inputTokens, maxOutputTokens, price }: Asked): Amounts {
  const tokens = count(inputTokens) + count(maxOutputTokens);
  // Why: a call that asks no model, such as a list of models, costs nothing.
  if (price === undefined) return { tokens, cost: model === '' ? 0 : undefined };
  return { tokens, cost: costAtMost(price, inputTokens, maxOutputTokens) };
}

/** What is no count is none; what is absurd is the most. */
function count(tokens: number): number {
  return tokens > 0 ? Math.min(Math.ceil(tokens), TOKENS_PER_COUNT) : 0;
}

function amountFor(kind: LimitKind, amounts: Amounts): number {
  return kind === 'tokens' ? amounts.tokens : kind === 'budget' ? (amounts.cost ?? 0) : 1;
}

/** Undefined: a store has to be asked first. */
function tryOnce(desk: Desk, call: Call, asked: Asked, steps: readonly Step[], amounts: Amounts, now: number): Admission | undefined {
  const meters: Meter[] = [];
  const rules: string[] = [];
  let missing = false;
  for (const step of steps) {
    const meter = step.counter.at(now);
    const { kind } = meter;
    meter.usedAt = now;
    if (kind === 'budget' && amounts.cost === undefined && desk.unpriced === 'refuse' && !step.dryRun) return unpriced(step.rule);
    const amount = amountFor(kind, amounts);
    const answer = meter.check(amount, now);
    if (step.dryRun && answer !== YES) {
      if (answer === NO) desk.onEvent({ kind: 'would-refuse', rule: step.rule, limit: kind });
      else step.counter.client?.poke(meter as LeasedMeter);
      continue;
    }
    if (answer === NO) return refuse(call, step.rule, meter, amount, steps, now);
    missing ||= answer === ASK;
    meters.push(meter);
    rules.push(step.rule);
  }
  if (missing) return undefined;
  const stamps: number[] = [];
  for (const meter of meters) stamps.push(meter.take(amountFor(meter.kind, amounts), now));
  return new AdmittedCall(desk, call, asked, { meters, rules, stamps, amounts });
}

async function afterAsking(desk: Desk, call: Call, asked: Asked, steps: readonly Step[], amounts: Amounts): Promise<Admission> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve();
    }, desk.waitMs);
  });
  try {
    for (;;) {
      const now = desk.now();
      const waits: Promise<void>[] = [];
      let last: { readonly step: Step; readonly meter: Meter; readonly amount: number } | undefined;
      for (const step of steps) {
        const meter = step.counter.at(now);
        const amount = amountFor(meter.kind, amounts);
        if (step.dryRun || step.counter.client === undefined || meter.check(amount, now) !== ASK) continue;
        last = { step, meter, amount };
        waits.push(step.counter.client.wait(meter as LeasedMeter, amount));
      }
      await Promise.race([Promise.all(waits), late]);
      const answer = tryOnce(desk, call, asked, steps, amounts, desk.now());
      if (answer !== undefined) return answer;
      if (isLate && last !== undefined) return refuse(call, last.step.rule, last.meter, last.amount, steps, desk.now());
    }
  } finally {
    clearTimeout(timer);
  }
}

function refuse(call: Call, rule: string, meter: Meter, amount: number, steps: readonly Step[], now: number): Refused {
  const retryAfterSeconds = Math.max(1, Math.ceil(meter.retryAfterMs(amount, now) / 1_000));
  const shown = steps.filter(({ dryRun }) => !dryRun).map(({ counter }) => counter.at(now));
  const headers = rateLimitHeaders(call.route, shown, now, retryAfterSeconds);
  const isLasting = amount > meter.limit || retryAfterSeconds > LONG_SECONDS;
  return { ok: false, rule, kind: meter.kind, retryAfterSeconds, isLasting, message: messageFor(rule, meter, amount), headers };
}

function unpriced(rule: string): Refused {
  return { ok: false, rule, kind: 'budget', retryAfterSeconds: 0, isLasting: true, message: UNPRICED, headers: {} };
}

function messageFor(rule: string, { kind, limit }: Meter, amount: number): string {
  const of = rule.startsWith('@') ? 'of the key' : `"${rule}"`;
  if (kind === 'budget') {
    return amount > limit
      ? `the call could cost more than the whole budget ${of}; ask for fewer tokens`
      : `what is left of the budget ${of} does not cover what the call could cost`;
  }
  if (kind === 'tokens' && amount > limit) {
    return `the call could use ${amount} tokens, more than the limit ${of} of ${limit} ever allows; ask for fewer`;
  }
  return `the limit ${of} of ${kind === 'concurrency' ? 'calls at the same time' : kind} is reached`;
}

/** What was taken, by counter. */
interface Taken {
  readonly meters: readonly Meter[];
  readonly rules: readonly string[];
  readonly stamps: readonly number[];
  readonly amounts: Amounts;
}

class AdmittedCall implements Admitted {
  readonly ok = true;
  readonly #desk: Desk;
  readonly #call: Call;
  readonly #asked: Asked;
  readonly #taken: Taken;
  #over = false;

  constructor(desk: Desk, call: Call, asked: Asked, taken: Taken) {
    this.#desk = desk;
    this.#call = call;
    this.#asked = asked;
    this.#taken = taken;
  }

  get headers(): Readonly<Record<string, string>> {
    return rateLimitHeaders(this.#call.route, this.#taken.meters, this.#desk.now());
  }

  get budgets(): readonly string[] {
    return this.#taken.meters.flatMap((meter) => (meter instanceof LeasedBudget ? [meter.pool] : []));
  }

  settle(usage: Usage, answered?: Price): void {
    const price = answered ?? this.#asked.price;
    this.#end(1, count(usage.inputTokens) + count(usage.outputTokens), price === undefined ? 0 : costOf(price, usage));
  }

  release(): void {
    this.#end(1, 0, 0);
  }

  #end(requests: number, tokens: number, cost: number): void {
    if (this.#over) return;
    this.#over = true;
    const { meters, rules, stamps, amounts } = this.#taken;
    const now = this.#desk.now();
    for (let at = 0; at < meters.length; at++) {
      const meter = meters[at] as Meter;
      const { kind } = meter;
      const taken = amountFor(kind, amounts);
      const real = kind === 'requests' ? requests : kind === 'tokens' ? tokens : kind === 'budget' ? cost : 0;
      meter.settle(taken, real, stamps[at] ?? 0, now);
      if (real > taken) this.#desk.onEvent({ kind: 'beyond-reserve', rule: rules[at] ?? '', limit: kind, by: real - taken });
    }
  }
}
