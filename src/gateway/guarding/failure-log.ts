import type { Logger } from '../../core/logger.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';

/** Why: a service that is down fails every request, and a log that says so each time hides everything else. */
const QUIET_MS = 60_000;
const MOST_PARTS = 500;

/** Says in the log what of the guard failed and why: once, and then at most once a minute with how often. */
export class FailureLog {
  readonly #log: Logger;
  readonly #now: () => number;
  /** By what failed. */
  readonly #told = new Map<string, { at: number; more: number }>();

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** Notes what failed in a decision. */
  note({ failures, judges, effect }: GuardDecision): void {
    if (failures.length === 0) return;
    const asked = new Set(judges?.map(({ id }) => id));
    for (const failure of failures) {
      const end = failure.indexOf(': ');
      const id = failure.slice(0, Math.max(0, end));
      // Why only of judges: the error of a detector may quote the text.
      if (asked.has(id)) this.#note(id, failure.slice(end + 2), effect);
      else this.#note(DETECTOR.test(id) ? id : 'guard', undefined, effect);
    }
  }

  #note(part: string, reason: string | undefined, effect: string): void {
    const now = this.#now();
    const told = this.#told.get(part);
    if (told !== undefined && now - told.at < QUIET_MS) {
      told.more++;
      return;
    }
    // Why: names come from the configuration, as far as the guard puts them first.
    if (this.#told.size >= MOST_PARTS) this.#told.clear();
    this.#told.set(part, { at: now, more: 0 });
    const since = told === undefined || told.more === 0 ? {} : { failuresSinceLast: told.more };
    this.#log.warn({ part, ...(reason === undefined ? {} : { reason }), effect, ...since }, 'a part of the guard failed');
  }
}

const DETECTOR = /^[a-z][a-z-]{0,40}$/;
