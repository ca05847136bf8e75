import type { GuardEffect } from '../../guard/decision.ts';
import type { Usage } from '../call.ts';

/** What became of a request. */
export type ExchangeOutcome = 'served' | 'refused' | 'limited' | 'blocked' | 'failed' | 'aborted';

/** Reason of a record that counts what a batch came to: it is no request. */
export const BATCH_SETTLED = 'batch.settled';

/** Who made a request, as far as that is known. */
export interface ExchangeCaller {
  /** Id of the principal; empty when there was no valid credential. */
  readonly principal: string;
  readonly name: string;
  readonly key: string | null;
  readonly teams: readonly string[];
  readonly ip: string;
}

/** What the guard decided on one direction. Never text of the conversation. */
export interface ExchangeDecision {
  readonly effect: GuardEffect;
  /** 0 to 1. */
  readonly score: number;
  readonly rules: readonly string[];
  readonly detectors: readonly string[];
}

/** Milliseconds. */
export interface ExchangeLatency {
  readonly total: number;
  /** From the request to the first byte of the answer. */
  readonly firstByte: number | null;
  readonly upstream: number | null;
}

/** One request through the gateway, told without its contents. */
export interface ExchangeRecord {
  /** From `newId()`: sorts by time. */
  readonly id: string;
  /** Epoch milliseconds at which the request came. */
  readonly at: number;
  readonly who: ExchangeCaller;
  /** Route pattern, such as `/v1/chat/completions`. */
  readonly route: string;
  readonly protocol: 'openai' | 'anthropic' | 'mcp';
  /** Model that was asked for; empty where there is none. */
  readonly model: string;
  readonly upstream: string | null;
  readonly upstreamModel: string | null;
  readonly stream: boolean;
  readonly status: number;
  readonly outcome: ExchangeOutcome;
  /** Code or rule that explains an outcome other than `served`. */
  readonly reason: string | null;
  /** Digest of the guard's policy. */
  readonly policy: string | null;
  readonly request: ExchangeDecision | null;
  readonly response: ExchangeDecision | null;
  readonly usage: Usage | null;
  readonly costMicros: number;
  readonly latency: ExchangeLatency;
  /** Of the bytes that came and that were answered, hexadecimal. */
  readonly requestSha256: string | null;
  readonly responseSha256: string | null;
  readonly session: string | null;
  /** How many times an upstream was asked. */
  readonly attempts: number;
}

/** Texts of an exchange, already redacted by the caller. */
export interface ExchangeContent {
  readonly request: string;
  readonly response: string;
}
