import type { SecretReference } from './secret-reference.ts';

/** What a place gave. */
export interface SecretValue {
  readonly bytes: Buffer;
  /** Epoch milliseconds before which it must be read again; absent: only the refresh interval counts. */
  readonly until?: number;
}

/**
 * One place that secrets come from. It throws `secret.missing` when the place answers that there is no such secret, and
 * `secret.unavailable` when it does not answer as expected. No message and no cause may hold a value.
 */
export interface SecretSource {
  read(reference: SecretReference, signal: AbortSignal): Promise<SecretValue>;
  /** Why: what can be looked at cheaply is looked at more often. Milliseconds; absent: the refresh interval. */
  readonly pollMs?: number;
  close?(): Promise<void>;
}
