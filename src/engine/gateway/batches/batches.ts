import type { ExchangeCaller } from '../audit/exchange-record.ts';
import type { Usage } from '../call.ts';
import type { Price } from '../prices/price.ts';

/** Batches of OpenAI, and of Anthropic. */
export type BatchKind = 'batch' | 'message-batch';

/** A batch that was charged at its most when it was made. */
export interface BatchDue {
  readonly kind: BatchKind;
  /** As the provider made it. */
  readonly id: string;
  readonly upstream: string;
  readonly upstreamModel: string;
  /** Route that made it. */
  readonly route: string;
  readonly model: string;
  readonly who: ExchangeCaller;
  readonly session: string | null;
  readonly requests: number;
  /** Of one of its requests; undefined: not known, and nothing was charged. */
  readonly price: Price | undefined;
  /** All of it at most. */
  readonly atMost: Usage;
  /** Micro-dollars charged. */
  readonly charged: number;
  /** Names of the budgets that were charged, periods included. */
  readonly budgets: readonly string[];
  /** Epoch milliseconds. */
  readonly madeAt: number;
}

/** What the requests of a batch came to. */
export interface BatchSpent {
  readonly usage: Usage;
  readonly costMicros: number;
}

/** What is still to be settled of batches. Durable; every batch is settled once, whoever comes first. */
export interface Batches {
  keep(due: BatchDue): Promise<void>;
  /** Undefined: there is none, or it is settled. */
  find(kind: BatchKind, id: string): Promise<BatchDue | undefined>;
  /** Charges the real cost and gives the rest back to the budgets; false: somebody else has settled it. */
  settle(due: BatchDue, spent: BatchSpent): Promise<boolean>;
  /** Those whose provider is to be asked now; each is put off for as long as `pauseMs` says by the times it was asked before. */
  take(most: number, pauseMs: (tries: number) => number): Promise<readonly BatchDue[]>;
  /** Has the provider asked soon. */
  hurry(kind: BatchKind, id: string): Promise<void>;
}
