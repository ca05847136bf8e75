/** When a breaker opens and how long it stays so. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds until one attempt is let through; doubled by every attempt that fails, up to `longestMs`. */
  readonly coolDownMs: number;
  readonly longestMs: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** What becomes of an attempt. A breaker must be told of each attempt that it permitted. */
export type Outcome = 'succeeded' | 'failed' | 'cancelled';

/**
 * Stops asking a service that does not answer, so that calls fail at once instead of after a timeout. Closed: all attempts pass. Open:
 * none does. Half-open: one passes, and what becomes of it decides.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  #openUntil: number | undefined;
  #coolDownMs: number;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#coolDownMs = options.coolDownMs;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#openUntil === undefined) return 'closed';
    return this.#probing || this.#options.now() >= this.#openUntil ? 'half-open' : 'open';
  }

  /** Permits an attempt, or refuses it: undefined. The attempt reports with the function it got; only the first report counts. */
  enter(): ((outcome: Outcome) => void) | undefined {
    const { state } = this;
    if (state === 'open' || this.#probing) return undefined;
    const probe = state === 'half-open';
    this.#probing = probe;
    let reported = false;
    return (outcome) => {
      if (reported) return;
      reported = true;
      this.#report(outcome, probe);
    };
  }

  #report(outcome: Outcome, probe: boolean): void {
    if (probe) {
      this.#probing = false;
      if (outcome === 'failed') this.#open(Math.min(this.#coolDownMs * 2, this.#options.longestMs));
      else if (outcome === 'succeeded') this.#close();
      return;
    }
    // Why: what began before the breaker opened says nothing of the service now.
    if (this.#openUntil !== undefined) return;
    if (outcome === 'succeeded') this.#failures = 0;
    else if (outcome === 'failed' && ++this.#failures >= this.#options.failures) this.#open(this.#options.coolDownMs);
  }

  #open(coolDownMs: number): void {
    this.#coolDownMs = coolDownMs;
    this.#openUntil = this.#options.now() + coolDownMs;
  }

  #close(): void {
    this.#openUntil = undefined;
    this.#failures = 0;
    this.#coolDownMs = this.#options.coolDownMs;
  }
}
