import { setTimeout as sleep } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { CordonError, errorMessage } from '../../../core/errors.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Store } from '../../../store/open-store.ts';
import type { GatewayObjectTable } from '../../../store/schema/gateway-objects.ts';
import { type KeptObject, OBJECT_ID, type ObjectKind, type ObjectQuery, type Objects } from './objects.ts';

/** Pause before what was noted is written. Why: many responses share one statement, and nobody waits for it. */
const WRITE_AFTER_MS = 20;
/** When an object that is not there is looked for again: another process may be about to write it. */
const LOOK_AGAIN_MS = [40, 120] as const;
/** Why: a database that does not answer must not fill the memory; what is dropped belongs to nobody, so nobody reads it. */
const MOST_WAITING = 50_000;
const ROWS_OF_STATEMENT = 200;
/** Why: providers keep responses for 30 days and batches for less; files are listed as long as they are used. */
const KEPT_DAYS: Readonly<Record<ObjectKind, number>> = {
  response: 40,
  message: 40,
  item: 40,
  audio: 2,
  completion: 40,
  container: 2,
  file: 3_650,
  batch: 400,
  'message-batch': 400,
};
const CLEAN_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What {@link openObjects} needs. */
export interface ObjectsOptions {
  readonly store: Store;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Opens the list of what providers keep. */
export function openObjects({ store, log, now = Date.now }: ObjectsOptions): Objects {
  const waiting = new Map<string, KeptObject>();
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const cleaning = setInterval(() => void clean().catch(() => undefined), CLEAN_EVERY_MS).unref();

  function later(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = write()
        .catch((error: unknown) => log.error({ error: errorMessage(error) }, 'whose response is whose could not be written down'))
        .finally(() => {
          writing = undefined;
          if (waiting.size > 0) later();
        });
    }, WRITE_AFTER_MS);
  }

  async function write(): Promise<void> {
    if (writing !== undefined) return;
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, ROWS_OF_STATEMENT);
      await insert(batch.map(([, object]) => object));
      for (const [, object] of batch) await addDetail(object);
      for (const [key, object] of batch) if (waiting.get(key) === object) waiting.delete(key);
    }
  }

  async function insert(objects: readonly KeptObject[]): Promise<void> {
    await store.db
      .insertInto('gateway_object')
      .values(objects.map(rowOf))
      .onConflict((conflict) => conflict.columns(['kind', 'id']).doNothing())
      .execute();
  }

  /** Why beside: an object is noted when it is begun, and what is known of it when it is done comes later. */
  async function addDetail({ kind, id, principal, detail }: KeptObject): Promise<void> {
    if (detail === null || detail === undefined) return;
    await store.db
      .updateTable('gateway_object')
      .set({ detail: JSON.stringify(detail) })
      .where('kind', '=', kind)
      .where('id', '=', id)
      .where('principal', '=', principal)
      .where('detail', '=', 'null')
      .execute();
  }

  async function stored(kind: ObjectKind, id: string): Promise<KeptObject | undefined> {
    const row = await store.db.selectFrom('gateway_object').selectAll().where('kind', '=', kind).where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : objectOf(row);
  }

  async function clean(): Promise<void> {
    for (const [kind, days] of Object.entries(KEPT_DAYS))
      await store.db
        .deleteFrom('gateway_object')
        .where('kind', '=', kind)
        .where('made_at', '<', now() - days * DAY_MS)
        .execute();
  }

  return {
    note(objects) {
      for (const object of objects) {
        const key = `${object.kind} ${object.id}`;
        const isNew = !waiting.has(key) && waiting.size < MOST_WAITING;
        if (OBJECT_ID.test(object.id) && (isNew || addsTo(waiting.get(key), object))) waiting.set(key, object);
      }
      if (waiting.size > 0) later();
    },
    async keep(object) {
      if (!OBJECT_ID.test(object.id)) throw new CordonError('upstream.failed', 'the model provider made an id that is none');
      await insert([object]);
      return (await stored(object.kind, object.id))?.principal === object.principal;
    },
    async find(principal, kind, id) {
      if (!OBJECT_ID.test(id)) return undefined;
      // Why the database first: whoever was first is there, whatever waits here.
      let found = await stored(kind, id);
      const next = waiting.get(`${kind} ${id}`);
      if (next !== undefined && (found === undefined || addsTo(found, next))) found = next;
      for (const wait of LOOK_AGAIN_MS) {
        if (found !== undefined) break;
        await sleep(wait);
        found = await stored(kind, id);
      }
      return found?.principal === principal ? found : undefined;
    },
    async list({ kind, principal, purpose, after, order, limit }: ObjectQuery) {
      let query = store.db.selectFrom('gateway_object').selectAll().where('kind', '=', kind).where('principal', '=', principal);
      if (purpose !== undefined) query = query.where('purpose', '=', purpose);
      if (after !== undefined) {
        const from = await stored(kind, after);
        if (from?.principal !== principal) return [];
        const sign = order === 'asc' ? '>' : '<';
        query = query.where((where) =>
          where.or([where('made_at', sign, from.madeAt), where.and([where('made_at', '=', from.madeAt), where('id', sign, from.id)])]),
        );
      }
      const rows = await query.orderBy('made_at', order).orderBy('id', order).limit(limit).execute();
      return rows.map(objectOf);
    },
    async forget(kind, id) {
      waiting.delete(`${kind} ${id}`);
      await store.db.deleteFrom('gateway_object').where('kind', '=', kind).where('id', '=', id).execute();
    },
    async close() {
      clearInterval(cleaning);
      clearTimeout(timer);
      await writing;
      await write().catch(() => undefined);
    },
  };
}

/** Whether an object is one that waits, and says more of it. */
function addsTo(known: KeptObject | undefined, { principal, detail }: KeptObject): boolean {
  return known !== undefined && known.principal === principal && (known.detail ?? null) === null && (detail ?? null) !== null;
}

function rowOf({ detail, madeAt, ...object }: KeptObject): GatewayObjectTable {
  return { ...object, detail: JSON.stringify(detail ?? null), made_at: madeAt };
}

function objectOf({ detail, made_at, kind, ...row }: Selectable<GatewayObjectTable>): KeptObject {
  return { ...row, kind: kind as ObjectKind, detail: JSON.parse(detail) as unknown, madeAt: Number(made_at) };
}
