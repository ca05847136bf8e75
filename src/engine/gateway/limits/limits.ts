import type { Call, Usage } from '../call.ts';
import type { LimitsConfig } from '../../../core/gateway-limits-config.ts';
import type { Price } from '../prices/price.ts';

/** What a limit counts. */
export type LimitKind = 'requests' | 'tokens' | 'concurrency' | 'budget';

/** What a call may come to, at most. */
export interface Asked {
  /** Upper bound, see {@link tokensAtMost}: a budget holds only as far as this does. */
  readonly inputTokens: number;
  /** What the client allows the model to answer, over all choices; the most the model can where it says nothing. */
  readonly maxOutputTokens: number;
  /** Of all models that may come to answer, the dearest. */
  readonly price: Price | undefined;
  /** For limits per session; without one, the calls of a principal count as one session. */
  readonly session?: string | undefined;
  /** It belongs to a call that is under way, or waits for what may come: it counts as a request, and takes no place among calls at the same time. */
  readonly isBeside?: boolean;
}

/** The call may go on. Exactly one of `settle` and `release` counts, and only once. */
export interface Admitted {
  readonly ok: true;
  /** Rate-limit headers in the way of the route's protocol; made when they are read. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of the budgets that the call counts for, as {@link correctBudgets} takes them. */
  readonly budgets: readonly string[];
  /** The call ended: charges what it really used, frees its slots. `price` where another model answered than was reserved for. */
  settle(usage: Usage, price?: Price): void;
  /**
   * The call never reached a model: gives back tokens, money and places. Why not the request: whoever sends what is refused, again and
   * again, would have no limit.
   */
  release(): void;
}

/** A limit refuses the call. */
export interface Refused {
  readonly ok: false;
  readonly rule: string;
  readonly kind: LimitKind;
  readonly retryAfterSeconds: number;
  /** Trying again soon is in vain: money is gone until the period ends, or the call is larger than the limit. */
  readonly isLasting: boolean;
  /** For the client: which limit, never how others use it. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Admission = Admitted | Refused;

/** How it stands with the place that counters are shared in. */
export interface SharingState {
  readonly store: 'memory' | 'database' | 'redis';
  /** `lost`: it does not answer, each process keeps to its part. `refusing`: it has not for too long. */
  readonly state: 'connected' | 'lost' | 'refusing';
  /** Epoch milliseconds. */
  readonly since: number;
  /** Processes that share, as last known. */
  readonly replicas: number;
}

/** What an operator should see; never an error of the call. */
export type LimitsEvent =
  | {
      readonly kind: 'store-lost' | 'store-refusing' | 'store-back' | 'store-forgot';
      readonly store: 'database' | 'redis';
      readonly replicas: number;
    }
  | { readonly kind: 'would-refuse'; readonly rule: string; readonly limit: LimitKind }
  | { readonly kind: 'beyond-reserve'; readonly rule: string; readonly limit: LimitKind; readonly by: number }
  | { readonly kind: 'too-many-values'; readonly rule: string };

/** How far a budget is used. Micro-dollars. */
export interface Spending {
  readonly rule: string;
  /** Value of the subject, such as the id of a key. */
  readonly subject: string;
  /** First day of the period, `total` where it has none. */
  readonly period: string;
  /** Charged for what was used. */
  readonly spent: number;
  /**
   * Held by processes beyond that, and so not left for others: for calls that go on and those of the next moments, which come back if they
   * are not used, or lost with a process that ended by force. What is left of a budget is the budget without both.
   */
  readonly held: number;
}

/** Requests, tokens, concurrency and money of the gateway. */
export interface Limits {
  /** Answers at once wherever counters are local or a lease covers the call; otherwise when its share was fetched. */
  admit(call: Call, asked: Asked): Admission | Promise<Admission>;
  /** New rules; counters of rules that keep their id go on. */
  reconfigure(config: LimitsConfig): void;
  /** For metrics; liveness does not depend on it. */
  sharing(): readonly SharingState[];
  spending(): Promise<readonly Spending[]>;
  /** Gives back what is held. Calls should have ended. */
  close(): Promise<void>;
}
