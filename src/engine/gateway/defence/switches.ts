import { CordonError, errorMessage } from '../../../core/errors.ts';
import { type Logger, SILENT } from '../../../core/logger.ts';
import type { Principal } from '../../../identity/permission.ts';
import { newId } from '../../../store/ids.ts';
import type { Store, Tx } from '../../../store/open-store.ts';
import { type Announcer, SILENT_ANNOUNCER } from '../../announcer.ts';
import { type ChangeWatch, stopsVersion } from '../changes/watch-changes.ts';
import { endExpired } from './end-expired.ts';
import { Generations } from './generations.ts';
import { requireMayStop, resolveValue } from './resolve-stop.ts';
import { StandingStops } from './standing-stops.ts';
import type { Stop, StopKind, StopSubject } from './stop.ts';
import { endStop, insertStop, standingRows, stopsSince } from './stop-rows.ts';

/** What is to be stopped. */
export interface NewStop {
  readonly kind: StopKind;
  readonly value: string;
  readonly reason: string;
  /** Epoch milliseconds; left out: until it is lifted. */
  readonly expiresAt?: number | undefined;
}

/** The kill switches of the gateway: looked at on each request, in memory. */
export interface Switches {
  /** What stops this, if anything does. Microseconds, and no database. */
  stopped(subject: StopSubject): Stop | undefined;
  /** The profile of the guard that counts for it meanwhile, if it is tightened. */
  tightened(subject: StopSubject): string | undefined;
  /** Called for each new stop, of this process or another; calls under way that {@link stopped} now answers are to be cut. */
  onStop(listener: (stop: Stop) => void): () => void;
  /** Stops something: effective here before it settles, elsewhere within 250 ms. Throws `access.denied`, `request.invalid`. */
  stop(actor: Principal, wanted: NewStop): Promise<Stop>;
  /**
   * {@link stop} in the transaction of another act, such as a recall, by whoever was found entitled. Effective everywhere within
   * 250 ms of its commit.
   */
  stopWithin(tx: Tx, by: string, wanted: NewStop): Promise<Stop>;
  /** Ends a stop before its time. */
  lift(actor: Principal, id: string): Promise<void>;
  /** Those that count now, newest first. */
  list(actor: Principal): Promise<readonly Stop[]>;
  /** What counts now in this process: for the automatic defence. */
  readonly standing: StandingStops;
  /** Takes a stop into account here before it is in the database, and tells the listeners. */
  engage(stop: Stop): void;
  close(): Promise<void>;
}

/** What {@link openSwitches} needs. */
export interface SwitchesOptions {
  readonly store: Store;
  readonly watch: ChangeWatch;
  readonly announcer?: Announcer;
  readonly log?: Logger;
  readonly now?: () => number;
}

const SWEEP_MS = 5_000;
/** Why: only what ended within the last moments can still arrive late. */
const ENDED_KEPT = 10_000;
const MAX_REASON = 1_000;

/** Reads what is stopped and keeps it up to date. Throws when the database does not answer: a gateway that does not know it must not start. */
export async function openSwitches(options: SwitchesOptions): Promise<Switches> {
  const { store, watch, announcer = SILENT_ANNOUNCER, log = SILENT, now = Date.now } = options;
  const standing = new StandingStops();
  const listeners = new Set<(stop: Stop) => void>();
  const ended = new Generations<true>(ENDED_KEPT);

  function engage(stop: Stop): void {
    // Why: what was read, or made, before it ended may arrive here after its end.
    if (ended.get(stop.id) === true) return;
    const isNew = !standing.has(stop.id);
    standing.put(stop);
    if (!isNew || stop.effect !== 'block') return;
    for (const listener of listeners) {
      try {
        listener(stop);
      } catch (error) {
        log.error({ error: errorMessage(error), stop: stop.id }, 'a listener did not take a stop');
      }
    }
  }

  function disengage(id: string): void {
    ended.set(id, true);
    standing.remove(id);
  }

  // Why the number first: what comes between the two is read once more.
  let version = await stopsVersion(store.db);
  for (const stop of await standingRows(store.db, now())) engage(stop);
  watch.on('stops', async () => {
    for (const { stop, hasEnded, version: found } of await stopsSince(store.db, version, now())) {
      if (hasEnded) disengage(stop.id);
      else engage(stop);
      version = found;
    }
  });
  const sweep = setInterval(() => {
    standing.expire(now());
    endExpired(store, now()).catch((error: unknown) => log.warn({ error: errorMessage(error) }, 'what expired was not written down'));
  }, SWEEP_MS);
  sweep.unref();

  async function stopWithin(tx: Tx, by: string, wanted: NewStop): Promise<Stop> {
    const { kind, reason } = wanted;
    const expiresAt = wanted.expiresAt ?? null;
    const at = now();
    if (reason === '' || reason.length > MAX_REASON)
      throw new CordonError('request.invalid', `a stop has a reason of up to ${MAX_REASON} characters`);
    if (expiresAt !== null && (!Number.isSafeInteger(expiresAt) || expiresAt <= at))
      throw new CordonError('request.invalid', 'a stop ends in the future');
    const { value, label } = await resolveValue(tx, kind, wanted.value);
    const stop: Stop = { id: newId(), kind, value, label, effect: 'block', profile: null, reason, by, automatic: false, at, expiresAt };
    await insertStop(tx, stop, announcer);
    return stop;
  }

  return {
    standing,
    engage,
    stopped: (subject) => standing.find('block', subject, now()),
    tightened: (subject) => standing.find('tighten', subject, now())?.profile ?? undefined,
    onStop(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stopWithin,
    async stop(actor, wanted) {
      requireMayStop(actor, wanted.kind, wanted.value);
      const stop = await store.transaction((tx) => stopWithin(tx, actor.name, wanted));
      engage(stop);
      announcer.wake();
      return stop;
    },
    async lift(actor, id) {
      const row = await store.db.selectFrom('gateway_stop').select(['kind', 'value']).where('id', '=', id).executeTakeFirst();
      // Why before it is said that there is none: ids are not to be probed.
      requireMayStop(actor, (row?.kind ?? 'everything') as StopKind, row?.value ?? '');
      const lifted = await store.transaction((tx) => endStop(tx, id, actor.name, now(), announcer));
      if (lifted === undefined) throw new CordonError('request.invalid', 'there is no such stop, or it has ended');
      disengage(id);
      announcer.wake();
    },
    async list(actor) {
      if (!actor.can('audit', '*') && !actor.can('recall', '*'))
        throw new CordonError('access.denied', `${actor.name} may not see what is stopped`);
      return await standingRows(store.db, now());
    },
    close: async () => clearInterval(sweep),
  };
}
