import type { Migration } from './migration.ts';

/** Batches that are charged at their most until their results are counted. */
export const gatewayBatches: Migration = {
  name: '0024-gateway-batches',
  statements: [
    `create table gateway_batch_due (
      kind bytetext not null,
      id bytetext not null,
      detail bytetext not null,
      made_at bigint not null,
      next_at bigint not null,
      tries bigint not null,
      settled_at bigint,
      primary key (kind, id)
    )`,
    'create index gateway_batch_due_by_next on gateway_batch_due (next_at) where settled_at is null',
  ],
};
