/** What an exchange may come to at most, as it was reserved. */
export interface AtMost {
  /** An estimate, for where nobody counts. */
  readonly inputTokens: number;
  /** Of all answers together. */
  readonly outputTokens: number;
  readonly choices: number;
}

/** Why: models that think before they speak make about as many in a second; few make more. */
const TOKENS_OF_SECOND = 100;

/**
 * Tokens that a model may have made of which nobody saw anything, where an exchange broke off. Why all of a whole answer: providers make it
 * to its end, whoever left, and charge for it; leaving would be a way to use a model for nothing. Why by the time for a stream: it ends
 * when nobody reads it, and what comes before the first text are thoughts.
 */
export function unknownOutput({ outputTokens, choices }: AtMost, isStream: boolean, silentMs: number): number {
  return isStream ? Math.min(outputTokens, Math.ceil((silentMs / 1_000) * TOKENS_OF_SECOND * choices)) : outputTokens;
}
