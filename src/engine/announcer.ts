import type { Json } from '../core/artifact.ts';
import type { Tx } from '../store/open-store.ts';

/** What happened, for those who want to be told. */
export type Announcement = { readonly [key: string]: Json };

/** Tells others what happened, at least once, in the transaction in which it happens. */
export interface Announcer {
  announce(tx: Tx, event: string, body: Announcement): Promise<void>;
  /** Deliver now: the transaction is over. */
  wake(): void;
}

/** Tells nobody. */
export const SILENT_ANNOUNCER: Announcer = { announce: async () => {}, wake: () => {} };
