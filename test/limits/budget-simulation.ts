import type { Ask, BudgetAsk, Grant } from '../../src/engine/gateway/limits/lease-store.ts';
import { LeasedBudget } from '../../src/engine/gateway/limits/leased-budget.ts';
import { YES, type StoreLink } from '../../src/engine/gateway/limits/meter.ts';
import { apply, type BudgetState } from '../../src/engine/gateway/limits/pool-state.ts';
import { randomNumbers } from './random.ts';

interface InFlight {
  readonly taken: number;
  readonly stamp: number;
}

interface Replica {
  readonly budget: LeasedBudget;
  readonly calls: InFlight[];
  /** What was said and is on its way; the store executes it, if at all, sooner or later. */
  waiting: { readonly ask: BudgetAsk; readonly askedAt: number; answer: Grant | undefined } | undefined;
}

/** What came of one interleaving. Micro-dollars. */
export interface Outcome {
  readonly spent: number;
  readonly limit: number;
  readonly admitted: number;
  readonly killed: number;
}

/**
 * One random interleaving of processes that spend one budget: calls begin, end and are given back; what processes say to the
 * store is delayed, lost before or after it had its effect, and overtaken; processes are killed with calls in flight (for which
 * the provider charges up to all that was reserved) and begin anew. Throws as soon as more was spent than the budget.
 */
export function simulateBudget(seed: number, steps: number): Outcome {
  const random = randomNumbers(seed);
  const limit = 1 + random(10_000);
  const store: BudgetState = { spent: 0, leases: {} };
  const replicas: Replica[] = [];
  const onTheWay: BudgetAsk[] = [];
  const count = 1 + random(8);
  const link: StoreLink = { state: 'connected', replicas: count, poke: () => undefined };
  let now = 1_800_000_000_000;
  let [leases, spent, admitted, killed] = [0, 0, 0, 0];

  function begin(): Replica {
    const budget = new LeasedBudget({ pool: 'b', lease: `l${++leases}`, limit, endsAt: null, link });
    return { budget, calls: [], waiting: undefined };
  }
  function charge(amount: number): void {
    spent += amount;
    if (spent > limit) throw new Error(`seed ${seed}: ${spent} spent of ${limit}`);
  }
  function execute(ask: BudgetAsk): Grant {
    return apply(store, ask, now, count);
  }
  function say(replica: Replica, ask: Ask | undefined): void {
    if (ask?.kind === 'budget') replica.waiting = { ask, askedAt: now, answer: undefined };
  }

  for (let index = 0; index < count; index++) replicas.push(begin());
  for (let step = 0; step < steps; step++) {
    now += random(400);
    const at = random(count);
    const replica = replicas[at] as Replica;
    const { budget, calls, waiting } = replica;
    switch (random(12)) {
      case 0:
      case 1:
      case 2: {
        const amount = 1 + random(Math.ceil(limit / (1 + random(20))));
        budget.usedAt = now;
        if (budget.check(amount, now) === YES) {
          calls.push({ taken: amount, stamp: budget.take(amount) });
          admitted++;
        } else if (waiting === undefined) say(replica, budget.ask(now, amount, amount));
        break;
      }
      case 3:
      case 4: {
        const call = calls.splice(random(calls.length), 1)[0];
        if (call === undefined) break;
        const real = random(4) === 0 ? random(call.taken + 1) : call.taken;
        charge(real);
        budget.settle(call.taken, real, call.stamp);
        break;
      }
      case 5:
        if (waiting === undefined) say(replica, budget.ask(now, 0, 0));
        break;
      case 6:
      case 7:
      case 8:
        if (waiting === undefined) break;
        waiting.answer ??= execute(waiting.ask);
        if (random(3) === 0) break;
        replica.waiting = undefined;
        budget.granted(waiting.ask, waiting.answer, { askedAt: waiting.askedAt, storeNow: now }, now);
        break;
      case 9:
        // No answer in time: the ask had its effect, or still will, or never.
        if (waiting === undefined) break;
        if (waiting.answer === undefined) onTheWay.push(waiting.ask);
        replica.waiting = undefined;
        budget.unanswered(waiting.ask);
        break;
      case 10: {
        const late = onTheWay.splice(random(onTheWay.length), 1)[0];
        if (late !== undefined && random(4) > 0) execute(late);
        break;
      }
      default:
        if (random(16) > 0) break;
        if (random(3) === 0 && waiting === undefined) {
          const bye = budget.farewell(now);
          if (bye?.kind === 'budget' && random(2) === 0) execute(bye);
          // Why charged: it was said that they were; the calls may still go on.
          for (const call of calls) charge(call.taken);
        } else {
          killed++;
          if (waiting !== undefined && waiting.answer === undefined) onTheWay.push(waiting.ask);
          for (const call of calls) charge(random(call.taken + 1));
        }
        replicas[at] = begin();
    }
  }
  return { spent, limit, admitted, killed };
}
