import type { Resilience } from '../../../core/gateway-model-config.ts';

/** Time constant of the latency average, milliseconds: what was ten seconds ago counts a third. */
const TAU_MS = 10_000;

/**
 * What is known of one target: its circuit, its load and its latency. Times are monotonic milliseconds. A circuit opens after failures in
 * a row or a share of failures, stays open for a growing time, then lets one request at a time through until enough of them succeed.
 */
export class Health {
  inFlight = 0;
  requests = 0;
  failures = 0;
  /** Until when a limit of the provider was reached; it is avoided where there is another. */
  coolUntil = 0;
  readonly #rules: Resilience;
  readonly #random: () => number;
  readonly #changed: (state: 'closed' | 'open' | 'ejected') => void;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #openUntil = 0;
  #openings = 0;
  #probing = 0;
  #succeededProbes = 0;
  #inARow = 0;
  #ejectedUntil = 0;
  #windowStart = 0;
  #current = { requests: 0, failures: 0 };
  #previous = { requests: 0, failures: 0 };
  #latency = 0;
  #latencyAt = 0;

  /** `changed` is told when the target is left out and when it is used again. */
  constructor(rules: Resilience, random: () => number, changed: (state: 'closed' | 'open' | 'ejected') => void = () => {}) {
    this.#rules = rules;
    this.#random = random;
    this.#changed = changed;
  }

  /** Whether a request may go there. */
  admits(now: number): boolean {
    if (this.#state === 'closed') return now >= this.#ejectedUntil;
    if (this.#state === 'open' && now >= this.#openUntil) {
      this.#state = 'half-open';
      this.#succeededProbes = 0;
    }
    return this.#state === 'half-open' && this.#probing === 0;
  }

  /** A request goes there. What is returned goes with its outcome. */
  begin(): boolean {
    this.inFlight++;
    this.requests++;
    const isProbe = this.#state === 'half-open';
    if (isProbe) this.#probing++;
    return isProbe;
  }

  /** The first byte came after `ms`. */
  responded(ms: number, now: number): void {
    if (ms >= this.#latency) this.#latency = ms;
    else this.#latency = ms + (this.#latency - ms) * Math.exp(-(now - this.#latencyAt) / TAU_MS);
    this.#latencyAt = now;
  }

  /** The request that was let through to see got an answer. Why not at its end: a stream may take half an hour. */
  probeSucceeded(): void {
    this.#probing--;
    if (this.#state === 'half-open' && ++this.#succeededProbes >= this.#rules.probes) this.#close();
  }

  /** A request has ended: well, as a fault of the target, or in a way that says nothing about it. */
  end(outcome: 'succeeded' | 'failed' | 'neutral', isProbe: boolean, now: number): void {
    this.inFlight--;
    if (isProbe) this.#probing--;
    if (outcome === 'neutral') return;
    this.#roll(now);
    this.#current.requests++;
    if (outcome === 'succeeded') {
      this.#inARow = 0;
      if (this.#state === 'closed' && now > this.#ejectedUntil + this.#rules.maxOpenMs) this.#openings = 0;
      return;
    }
    this.failures++;
    this.#inARow++;
    this.#current.failures++;
    if (isProbe || (this.#state === 'closed' && this.#isTooMuch(now))) this.#open(now);
  }

  /** Requests and failures of the last window. */
  recent(now: number): { readonly requests: number; readonly failures: number } {
    this.#roll(now);
    const share = 1 - Math.min(1, (now - this.#windowStart) / this.#rules.windowMs);
    return {
      requests: this.#current.requests + this.#previous.requests * share,
      failures: this.#current.failures + this.#previous.failures * share,
    };
  }

  isEjected(now: number): boolean {
    return now < this.#ejectedUntil;
  }

  /** Leaves it out for a while, because its peers fare better. */
  eject(now: number): void {
    this.#ejectedUntil = now + this.#opening();
    this.#changed('ejected');
  }

  state(now: number): 'closed' | 'open' | 'half-open' | 'ejected' {
    if (this.#state === 'closed') return this.isEjected(now) ? 'ejected' : 'closed';
    return this.#state;
  }

  /** Milliseconds until it is tried again. */
  retryInMs(now: number): number {
    return Math.max(0, (this.#state === 'open' ? this.#openUntil : this.#ejectedUntil) - now);
  }

  /** Average time to the first byte; 0 as long as nothing is known. */
  get latencyMs(): number {
    return this.#latency;
  }

  /** What one more request would cost there: latency as it is by now, times what waits already. */
  cost(now: number): number {
    const latency = this.#latency * Math.exp(-(now - this.#latencyAt) / TAU_MS);
    // Why: as long as nothing is known it is tried, but not by everybody at once.
    return (latency + (this.#latency === 0 && this.inFlight > 0 ? 1_000 : 0.001)) * (this.inFlight + 1);
  }

  #isTooMuch(now: number): boolean {
    if (this.#inARow >= this.#rules.failures) return true;
    const { requests, failures } = this.recent(now);
    return requests >= this.#rules.minRequests && failures / requests >= this.#rules.failureRatio;
  }

  #open(now: number): void {
    this.#state = 'open';
    this.#openUntil = now + this.#opening();
    this.#changed('open');
  }

  /** Why spread: gateways that lost a provider together must not come back together. */
  #opening(): number {
    const ms = Math.min(this.#rules.maxOpenMs, this.#rules.openMs * 2 ** Math.min(this.#openings++, 30));
    return ms * (0.8 + 0.2 * this.#random());
  }

  #close(): void {
    this.#state = 'closed';
    this.#changed('closed');
    this.#openings = 0;
    this.#inARow = 0;
    this.#current = { requests: 0, failures: 0 };
    this.#previous = { requests: 0, failures: 0 };
  }

  #roll(now: number): void {
    const { windowMs } = this.#rules;
    const passed = now - this.#windowStart;
    if (passed < windowMs) return;
    this.#previous = passed < 2 * windowMs ? this.#current : { requests: 0, failures: 0 };
    this.#current = { requests: 0, failures: 0 };
    this.#windowStart = passed < 2 * windowMs ? this.#windowStart + windowMs : now;
  }
}
