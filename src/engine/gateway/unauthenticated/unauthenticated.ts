import { errorMessage } from '../../../core/errors.ts';
import type { UnauthenticatedConfig } from '../../../core/gateway-unauthenticated-config.ts';
import type { Logger } from '../../../core/logger.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Store } from '../../../store/open-store.ts';
import { Generations } from '../defence/generations.ts';
import { addressGroup } from '../limits/addresses.ts';
import { SlidingWindow } from '../limits/sliding-window.ts';
import { LeftOut } from './left-out.ts';

/**
 * Requests that nobody is known to have sent. Why limits of their own: those of the configuration are of callers, and everybody on the
 * network could fill the journal, and with it stop the gateway for all.
 */
export interface Unauthenticated {
  /** Counts a request whose credential is none. Returns in how many seconds its address may try again; undefined: it has not sent too many. */
  count(address: string): number | undefined;
  /** Whether such a request leaves a record of its own; otherwise it is counted in an entry of the ledger. */
  isRecorded(address: string): boolean;
  reconfigure(config: UnauthenticatedConfig): void;
  /** Writes down what was counted. */
  close(): Promise<void>;
}

/** What {@link openUnauthenticated} needs. */
export interface UnauthenticatedOptions {
  readonly config: UnauthenticatedConfig;
  readonly store: Store;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

const MINUTE_MS = 60_000;

/** Begins to count. Each process counts by itself. */
export function openUnauthenticated({ config: first, store, log, now = Date.now }: UnauthenticatedOptions): Unauthenticated {
  let config = first;
  const windows = new Generations<SlidingWindow>(config.maxAddresses);
  const records = new SlidingWindow(MINUTE_MS);
  let left = new LeftOut(now());
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(write, MINUTE_MS).unref();

  function windowOf(group: string): SlidingWindow {
    const known = windows.get(group) ?? new SlidingWindow(MINUTE_MS);
    // Why always: who goes on must not be forgotten before who was quiet.
    windows.set(group, known);
    return known;
  }

  function write(): void {
    if (left.requests === 0) return;
    const due = left;
    left = new LeftOut(now());
    writing = writing
      .then(() => store.transaction((tx) => appendEntry(tx, { kind: 'gateway.unauthenticated', body: due.body(now()), at: now() })))
      .then(
        () => undefined,
        (error: unknown) => {
          log.warn({ error: errorMessage(error) }, 'requests without a credential were not written down yet');
          left = due.with(left);
        },
      );
  }

  return {
    count(address) {
      const at = now();
      const window = windowOf(addressGroup(address));
      const isTooMany = window.total(at) >= config.requestsPerMinute;
      window.add(1, at);
      return isTooMany ? Math.max(1, Math.ceil(window.msUntilAtMost(config.requestsPerMinute - 1, at) / 1_000)) : undefined;
    },
    isRecorded(address) {
      const at = now();
      const group = addressGroup(address);
      const isMuch = windowOf(group).total(at) > config.requestsPerMinute || records.total(at) >= config.recordsPerMinute;
      if (isMuch) left.add(group);
      else records.add(1, at);
      return !isMuch;
    },
    reconfigure(next) {
      config = next;
      windows.resize(next.maxAddresses);
    },
    async close() {
      clearInterval(timer);
      write();
      await writing;
    },
  };
}
