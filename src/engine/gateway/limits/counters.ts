import type { LimitsConfig, LimitsSharing } from '../../../core/gateway-limits-config.ts';
import { periodAt } from './calendar.ts';
import type { Measure } from './compiled-rule.ts';
import { Counter, type MeterSource } from './counter.ts';
import type { LeaseClient } from './lease-client.ts';
import { LeasedBudget } from './leased-budget.ts';
import { LeasedSlots } from './leased-slots.ts';
import { LeasedWindow } from './leased-window.ts';
import type { LimitsEvent } from './limits.ts';
import { LocalSlots } from './local-slots.ts';
import { LocalWindow } from './local-window.ts';

/** Why from an hour on: a restart of the server must not give a day's limit anew, while a minute is over before it matters. */
const LONG_WINDOW_MS = 3_600_000;
const SWEEP_MS = 10_000;
const IDLE_MS = 60_000;
/** All values beyond the most that a rule may have. No value is called so: values are never empty. */
const OTHERS = '';

/** Where counters live. */
export interface CountersOptions {
  readonly store: Exclude<LimitsSharing['store'], 'auto'>;
  /** Budgets, long windows, and everything else that the database counts. */
  readonly durable: LeaseClient;
  readonly redis: LeaseClient | undefined;
  readonly holder: string;
  readonly now: () => number;
  readonly onEvent: (event: LimitsEvent) => void;
}

/** Every counter there is, by measure and value; bounded, idle ones are forgotten. */
export class Counters {
  readonly #options: CountersOptions;
  readonly #byMeasure = new Map<string, Map<string, Counter>>();
  readonly #timer: NodeJS.Timeout;
  #maxValues: number;
  #leases = 0;
  #fullSince = new Map<string, number>();
  /** Grows when counters were forgotten: what holds counters has to look again. */
  generation = 0;

  constructor(options: CountersOptions, config: LimitsConfig) {
    this.#options = options;
    this.#maxValues = config.maxValues;
    this.#timer = setInterval(() => this.sweep(), SWEEP_MS);
    this.#timer.unref();
  }

  configure(config: LimitsConfig): void {
    this.#maxValues = config.maxValues;
    this.generation++;
  }

  /** The counter of a value, with the number of the measure as it is now. */
  of(rule: string, measure: Measure, value: string, now: number): Counter {
    let values = this.#byMeasure.get(measure.name);
    if (values === undefined) this.#byMeasure.set(measure.name, (values = new Map()));
    let counter = values.get(value);
    if (counter === undefined) {
      const full = values.size >= this.#maxValues && !this.#makeRoom(rule, measure.name, values, now);
      const name = full ? OTHERS : value;
      counter = values.get(name);
      if (counter === undefined) values.set(name, (counter = new Counter(this.#source(measure), measure, name, now)));
    }
    counter.setLimit(measure.limit);
    counter.at(now).usedAt = now;
    return counter;
  }

  /** Forgets counters that say nothing any more. */
  sweep(): void {
    const now = this.#options.now();
    for (const [name, values] of this.#byMeasure) {
      this.#forgetIdle(values, now);
      if (values.size === 0) this.#byMeasure.delete(name);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #forgetIdle(values: Map<string, Counter>, now: number): void {
    for (const [value, counter] of values) {
      if (now - counter.at(now).usedAt < IDLE_MS || !counter.idle(now)) continue;
      counter.dispose();
      values.delete(value);
      this.generation++;
    }
  }

  /** Why once a second: who sends ever new values must not make us look through all of them each time. */
  #makeRoom(rule: string, name: string, values: Map<string, Counter>, now: number): boolean {
    const since = this.#fullSince.get(name) ?? -Infinity;
    if (now - since < 1_000) return false;
    this.#fullSince.set(name, now);
    this.#forgetIdle(values, now);
    const room = values.size < this.#maxValues;
    if (!room) this.#options.onEvent({ kind: 'too-many-values', rule });
    return room;
  }

  #source(measure: Measure): MeterSource {
    const { store, durable, redis, holder } = this.#options;
    const shared = store === 'redis' ? redis : store === 'database' ? durable : undefined;
    const nextLease = (): string => `${holder}.${++this.#leases}`;
    switch (measure.kind) {
      case 'budget':
        return {
          client: durable,
          make: ({ name, limit, period }, value, now) => {
            const { name: of, endsAt } = periodAt(period, now);
            const meter = new LeasedBudget({ pool: `${name}/${of}/${value}`, lease: nextLease(), limit, endsAt, link: durable });
            durable.add(meter);
            return { meter, endsAt };
          },
        };
      case 'concurrency':
        return {
          client: shared,
          make: ({ name, limit }, value) => {
            if (shared === undefined) return { meter: new LocalSlots(limit), endsAt: null };
            const meter = new LeasedSlots(`${name}/${value}`, nextLease(), limit, shared);
            shared.add(meter);
            return { meter, endsAt: null };
          },
        };
      default: {
        const client = shared ?? (measure.windowMs >= LONG_WINDOW_MS ? durable : undefined);
        return {
          client,
          make: ({ kind, name, limit, windowMs }, value) => {
            const rate = kind === 'tokens' ? 'tokens' : 'requests';
            if (client === undefined) return { meter: new LocalWindow(rate, limit, windowMs), endsAt: null };
            const meter = new LeasedWindow(rate, `${name}/${value}`, limit, windowMs, client);
            client.add(meter);
            return { meter, endsAt: null };
          },
        };
      }
    }
  }
}
