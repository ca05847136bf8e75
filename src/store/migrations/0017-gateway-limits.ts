import type { Migration } from './migration.ts';

/** What processes of the gateway hold of limits and budgets, and which of them there are. */
export const gatewayLimits: Migration = {
  name: '0017-gateway-limits',
  statements: [
    `create table gateway_pool (
      id bytetext primary key,
      kind bytetext not null check (kind in ('window', 'slots', 'budget')),
      state bytetext not null,
      updated_at bigint not null,
      expires_at bigint
    )`,
    'create index gateway_pool_to_clean on gateway_pool (expires_at)',
    'create index gateway_pool_by_kind on gateway_pool (kind)',
    `create table gateway_replica (
      id bytetext primary key,
      seen_at bigint not null
    )`,
  ],
};
