/** What usage can be grouped by. */
export const USAGE_GROUPS = ['hour', 'day', 'principal', 'key', 'team', 'model', 'upstream', 'route'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Which usage, and how it is summed up. */
export interface UsageQuery {
  /** Epoch milliseconds, rounded down to the hour. */
  readonly from: number;
  /** Epoch milliseconds; the hour that it falls into is included. */
  readonly to: number;
  /** Empty: one row with everything. */
  readonly by: readonly UsageGroup[];
  readonly principal?: string;
  readonly key?: string;
  readonly team?: string;
  readonly model?: string;
  readonly upstream?: string;
  readonly route?: string;
}

/** A sum. Somebody of two teams counts in both when it is grouped by team. */
export interface UsageRow {
  /** Epoch milliseconds. */
  readonly hour?: number;
  /** Epoch milliseconds, UTC. */
  readonly day?: number;
  readonly principal?: string;
  readonly key?: string;
  readonly team?: string;
  readonly model?: string;
  readonly upstream?: string;
  /** Pattern; empty for what was used before routes were counted. */
  readonly route?: string;
  readonly requests: number;
  readonly served: number;
  /** Bad requests: without a valid key or permission, for what does not exist, not understood, too large; also by the provider. */
  readonly refused: number;
  readonly limited: number;
  /** By the guard, the tool policy, a block. */
  readonly blocked: number;
  /** The provider or the gateway failed. */
  readonly failed: number;
  /** The client left. */
  readonly aborted: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** Millionths of a US dollar. */
  readonly costMicros: number;
}
