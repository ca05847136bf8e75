import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { errorMessage } from '../../../core/errors.ts';
import { type Logger, SILENT } from '../../../core/logger.ts';
import { lockLedger } from '../../../evidence/ledger/append.ts';
import type { Store, Tx } from '../../../store/open-store.ts';
import type { Schema } from '../../../store/schema/index.ts';

/** What processes keep in memory and must hear of: who may do what, what is stopped, which descriptions of tools are accepted. */
const TOPICS = ['identity', 'stops', 'pins'] as const;
export type ChangeTopic = (typeof TOPICS)[number];

/** Looks for changes that any process made, so that nothing has to be asked of the database during a call. */
export interface ChangeWatch {
  /** Calls back when something changed. What the listener throws is tried again at the next look. */
  on(topic: ChangeTopic, listener: () => void | Promise<void>): void;
  /** Looks now; when it settles, everything that was committed before the call is known here. */
  look(): Promise<void>;
  /** When the last look began that the database answered, epoch milliseconds. */
  seenAt(): number;
  close(): Promise<void>;
}

/** What {@link watchChanges} needs. */
export interface WatchOptions {
  readonly store: Store;
  readonly log?: Logger;
  readonly now?: () => number;
  /** Pause between two looks. Why 100: with a slow answer it is still below the 250 ms in which a stop counts everywhere. */
  readonly everyMs?: number;
}

const EVERY_MS = 100;
const STOPS = 'gateway-stops';
const PINS = 'gateway-mcp-pins';

/**
 * Tells all processes, when the transaction is committed, that what is stopped has changed; returns the number of the change. Why
 * the ledger is locked first: whoever does both in another order would wait for us while we wait for them.
 */
export async function nextStopsVersion(tx: Tx): Promise<number> {
  return nextVersion(tx, STOPS);
}

/** {@link nextStopsVersion} for accepted descriptions of tools. */
export async function nextPinsVersion(tx: Tx): Promise<number> {
  return nextVersion(tx, PINS);
}

async function nextVersion(tx: Tx, topic: string): Promise<number> {
  await lockLedger(tx);
  const { value } = await tx
    .insertInto('change_counter')
    .values({ topic, value: 1 })
    .onConflict((conflict) => conflict.column('topic').doUpdateSet((row) => ({ value: row('change_counter.value', '+', 1) })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
}

/** Starts to look. Throws when the database does not answer at the start. */
export async function watchChanges(options: WatchOptions): Promise<ChangeWatch> {
  const { store, log = SILENT, now = Date.now } = options;
  const listeners: Record<ChangeTopic, (() => void | Promise<void>)[]> = { identity: [], stops: [], pins: [] };
  const closing = new AbortController();
  const known = await numbers(store);
  let seenAt = now();
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function once(): Promise<void> {
    const began = now();
    const found = await numbers(store);
    for (const topic of TOPICS) {
      if (found[topic] === known[topic]) continue;
      for (const listener of listeners[topic]) await listener();
      known[topic] = found[topic];
    }
    seenAt = began;
  }

  function start(): Promise<void> {
    const looking = once().finally(() => {
      if (running === looking) running = undefined;
    });
    return (running = looking);
  }

  /** Why not the look that is under way: it may have asked the database before what we want to see was committed. */
  function look(): Promise<void> {
    if (running === undefined) return start();
    return (next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      }));
  }

  let failed = false;
  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      await sleep(options.everyMs ?? EVERY_MS, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      try {
        await look();
        failed = false;
      } catch (error) {
        if (!failed) log.error({ error: errorMessage(error) }, 'the database does not tell what other processes changed');
        failed = true;
      }
    }
  }
  const looping = loop();

  return {
    on: (topic, listener) => void listeners[topic].push(listener),
    look,
    seenAt: () => seenAt,
    async close() {
      closing.abort();
      await looping;
      await running?.catch(() => undefined);
    },
  };
}

/** The number of the last change of what is stopped. */
export async function stopsVersion(db: Kysely<Schema>): Promise<number> {
  return (await counters(db))[STOPS] ?? 0;
}

async function numbers(store: Store): Promise<Record<ChangeTopic, number>> {
  const found = await counters(store.db);
  return { identity: await store.changes(), stops: found[STOPS] ?? 0, pins: found[PINS] ?? 0 };
}

async function counters(db: Kysely<Schema>): Promise<Readonly<Record<string, number>>> {
  const rows = await db.selectFrom('change_counter').select(['topic', 'value']).where('topic', 'in', [STOPS, PINS]).execute();
  return Object.fromEntries(rows.map(({ topic, value }) => [topic, value]));
}
