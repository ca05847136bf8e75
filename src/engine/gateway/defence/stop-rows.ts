import type { Kysely, Selectable } from 'kysely';
import type { Announcer } from '../../announcer.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { GatewayStopTable } from '../../../store/schema/gateway-stops.ts';
import type { Schema } from '../../../store/schema/index.ts';
import { nextStopsVersion } from '../changes/watch-changes.ts';
import type { Stop, StopKind } from './stop.ts';

/** A row that changed: a stop, and whether it has ended. */
export interface StopRow {
  readonly stop: Stop;
  readonly hasEnded: boolean;
  readonly version: number;
}

/** Writes a stop with its entry in the ledger, and announces it. */
export async function insertStop(tx: Tx, stop: Stop, announcer: Announcer): Promise<void> {
  const version = await nextStopsVersion(tx);
  const { id, kind, value, label, effect, profile, reason, by, automatic, at, expiresAt } = stop;
  await tx
    .insertInto('gateway_stop')
    .values({
      id,
      kind,
      value,
      label,
      effect,
      profile,
      reason,
      made_by: by,
      automatic: automatic ? 1 : 0,
      made_at: at,
      expires_at: expiresAt,
      ended_at: null,
      ended_by: null,
      version,
    })
    .execute();
  const event = effect === 'block' ? 'gateway.blocked' : 'gateway.tightened';
  const body = stopBody(stop);
  await appendEntry(tx, { kind: event, body, at });
  await announcer.announce(tx, event, body);
}

/** Ends a stop before its time. Undefined: there is none that counts. */
export async function endStop(tx: Tx, id: string, by: string, now: number, announcer: Announcer): Promise<Stop | undefined> {
  const version = await nextStopsVersion(tx);
  const row = await tx
    .updateTable('gateway_stop')
    .set({ ended_at: now, ended_by: by, version })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const stop = stopOf(row);
  const body = { ...stopBody(stop), by, madeBy: stop.by };
  await appendEntry(tx, { kind: 'gateway.unblocked', body, at: now });
  await announcer.announce(tx, 'gateway.unblocked', body);
  return stop;
}

/** Every stop that counts now, newest first. */
export async function standingRows(db: Kysely<Schema>, now: number): Promise<readonly Stop[]> {
  const rows = await db
    .selectFrom('gateway_stop')
    .selectAll()
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .orderBy('id', 'desc')
    .execute();
  return rows.map(stopOf);
}

/** Rows that changed after a version, in their order. */
export async function stopsSince(db: Kysely<Schema>, version: number, now: number): Promise<readonly StopRow[]> {
  const rows = await db.selectFrom('gateway_stop').selectAll().where('version', '>', version).orderBy('version').execute();
  return rows.map((row) => ({
    stop: stopOf(row),
    hasEnded: row.ended_at !== null || (row.expires_at !== null && row.expires_at <= now),
    version: row.version,
  }));
}

/** The stop of a row. */
export function stopOf(row: Selectable<GatewayStopTable>): Stop {
  return {
    id: row.id,
    kind: row.kind as StopKind,
    value: row.value,
    label: row.label,
    effect: row.effect,
    profile: row.profile,
    reason: row.reason,
    by: row.made_by,
    automatic: row.automatic === 1,
    at: row.made_at,
    expiresAt: row.expires_at,
  };
}

/** What the ledger and those who are told learn of a stop. */
export function stopBody(stop: Stop): { readonly [key: string]: string | number | boolean | null } {
  const { id, kind, value, label, effect, profile, reason, by, automatic, expiresAt } = stop;
  return { by, stop: id, on: kind, value, label, effect, profile, reason, automatic, expiresAt };
}
