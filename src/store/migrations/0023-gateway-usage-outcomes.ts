import type { Migration } from './migration.ts';

/** Refused and aborted requests are counted apart from failed ones. */
export const gatewayUsageOutcomes: Migration = {
  name: '0023-gateway-usage-outcomes',
  statements: [
    'alter table gateway_usage add column refused bigint not null default 0',
    'alter table gateway_usage add column aborted bigint not null default 0',
  ],
};
