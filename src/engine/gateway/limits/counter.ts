import type { Measure } from './compiled-rule.ts';
import type { LeaseClient } from './lease-client.ts';
import type { LeasedMeter, Meter } from './meter.ts';

/** Makes meters, and says when one ends. */
export interface MeterSource {
  readonly client: LeaseClient | undefined;
  make(measure: Measure, value: string, now: number): { readonly meter: Meter; readonly endsAt: number | null };
}

/** One measure of one value: the same for its whole life, while the meters of a budget follow each other by period. */
export class Counter {
  readonly client: LeaseClient | undefined;
  readonly #source: MeterSource;
  readonly #measure: Measure;
  readonly #value: string;
  #meter: Meter;
  #endsAt: number;

  constructor(source: MeterSource, measure: Measure, value: string, now: number) {
    this.client = source.client;
    this.#source = source;
    this.#measure = measure;
    this.#value = value;
    const { meter, endsAt } = source.make(measure, value, now);
    this.#meter = meter;
    this.#endsAt = endsAt ?? Infinity;
  }

  /** The meter of this moment. */
  at(now: number): Meter {
    if (now >= this.#endsAt) this.#next(now);
    return this.#meter;
  }

  setLimit(limit: number): void {
    this.#meter.limit = limit;
  }

  /** Whether forgetting it changes nothing. */
  idle(now: number): boolean {
    return this.#meter.idle(now);
  }

  dispose(): void {
    this.client?.remove(this.#meter as LeasedMeter);
  }

  /** The meter before stays with the client until its calls have ended. */
  #next(now: number): void {
    const { limit } = this.#meter;
    const { meter, endsAt } = this.#source.make(this.#measure, this.#value, now);
    meter.limit = limit;
    this.#meter = meter;
    this.#endsAt = endsAt ?? Infinity;
  }
}
