import { hash } from 'node:crypto';
import { CordonError } from '../../../../core/errors.ts';
import { appendEntry } from '../../../../evidence/ledger/append.ts';
import type { Principal } from '../../../../identity/permission.ts';
import type { Store } from '../../../../store/open-store.ts';
import type { ExchangeContent } from '../exchange-record.ts';
import type { StoredRecord } from '../record-text.ts';
import type { MasterKeys } from './master-keys.ts';
import { unseal } from './sealer.ts';

/** Opens the content of an exchange for somebody who may audit. That they did is in the ledger before they have it. */
export async function readContent(store: Store, keys: MasterKeys, reader: Principal, id: string): Promise<ExchangeContent> {
  if (!reader.can('audit', '*')) throw new CordonError('access.denied', `${reader.name} may not read what was said`);
  const row = await store.db
    .selectFrom('gateway_content')
    .innerJoin('gateway_exchange', 'gateway_exchange.id', 'gateway_content.id')
    .select(['gateway_content.key', 'gateway_content.sealed', 'gateway_exchange.body'])
    .where('gateway_content.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new CordonError('storage.missing', 'there is no content of this exchange, or its time is over');
  const { content } = JSON.parse(row.body) as StoredRecord;
  if (content?.key !== row.key || content.sha256 !== hash('sha256', row.sealed))
    throw new CordonError('storage.corrupt', `the content of ${id} is not the one that its record names`);
  const key = await keys.contentKey(row.key);
  await store.transaction((tx) =>
    appendEntry(tx, { kind: 'gateway.content-read', body: { by: reader.name, principal: reader.id, exchange: id } }),
  );
  return unseal(id, row.key, key, row.sealed);
}
