import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Store, Tx } from '../../../store/open-store.ts';
import type { Announcer } from '../../announcer.ts';
import { type CompiledRule, durationMs } from './defence-rules.ts';
import type { Stop } from './stop.ts';
import { insertStop } from './stop-rows.ts';

/** Why: by then it lasts as long as it may, however slowly it grows. */
const MAX_EARLIER = 100;

/** What a rule did, or would have done. */
export interface Action {
  readonly compiled: CompiledRule;
  readonly kind: Stop['kind'];
  readonly value: string;
  readonly label: string;
  readonly at: number;
  /** The stop that already counts here; undefined for an alert and for a dry run. */
  readonly stop: Stop | undefined;
  /** How many more like it were left out of the ledger before it. */
  readonly leftOut: number;
}

/** Writes actions with their entries in the ledger, all or none; returns the stops as they last. */
export async function recordActions(store: Store, actions: readonly Action[], announcer: Announcer): Promise<readonly Stop[]> {
  return await store.transaction(async (tx) => {
    const stops: Stop[] = [];
    for (const action of actions) {
      if (action.stop === undefined) {
        await recordAlert(tx, action, announcer);
        continue;
      }
      const earlier = await earlierTimes(tx, action);
      const stop = { ...action.stop, expiresAt: action.at + durationMs(action.compiled, earlier) };
      await insertStop(tx, stop, announcer);
      stops.push(stop);
    }
    return stops;
  });
}

/**
 * How often the rule did this to the same one before, each time again before the last was forgotten. A lifted one counts as none:
 * it was a mistake.
 */
async function earlierTimes(tx: Tx, { compiled: { rule, maxMs }, kind, value, at }: Action): Promise<number> {
  const rows = await tx
    .selectFrom('gateway_stop')
    .select(['made_at', 'expires_at'])
    .where('made_by', '=', rule.id)
    .where('automatic', '=', 1)
    .where('kind', '=', kind)
    .where('value', '=', value)
    .where((where) => where.or([where('ended_by', 'is', null), where('ended_by', '=', 'expiry')]))
    .orderBy('made_at', 'desc')
    .limit(MAX_EARLIER)
    .execute();
  let since = at;
  let times = 0;
  for (const { made_at: madeAt, expires_at: expiresAt } of rows) {
    if (since - (expiresAt ?? since) >= maxMs) break;
    since = madeAt;
    times++;
  }
  return times;
}

async function recordAlert(tx: Tx, action: Action, announcer: Announcer): Promise<void> {
  const { compiled, kind, value, label, at, leftOut } = action;
  const { rule } = compiled;
  const body = { rule: rule.id, action: rule.action, on: kind, value, label, dryRun: rule.dryRun, leftOut };
  const event = rule.dryRun ? 'gateway.defence-dry-run' : 'gateway.alerted';
  await appendEntry(tx, { kind: event, body, at });
  await announcer.announce(tx, event, body);
}
