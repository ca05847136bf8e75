import type { Migration } from './migration.ts';

const COUNTS = 'requests, served, blocked, limited, failed, input_tokens, output_tokens, cached_tokens, cost_micros';

/** Sums of usage by route. Why a new table: SQLite changes no primary key. Rows from before have no route. */
export const gatewayUsageByRoute: Migration = {
  name: '0022-gateway-usage-by-route',
  statements: [
    `create table gateway_usage_by_route (
      hour bigint not null,
      principal bytetext not null,
      key bytetext not null,
      teams bytetext not null,
      model bytetext not null,
      upstream bytetext not null,
      route bytetext not null,
      requests bigint not null,
      served bigint not null,
      blocked bigint not null,
      limited bigint not null,
      failed bigint not null,
      input_tokens bigint not null,
      output_tokens bigint not null,
      cached_tokens bigint not null,
      cost_micros bigint not null,
      primary key (hour, principal, key, teams, model, upstream, route)
    )`,
    `insert into gateway_usage_by_route (hour, principal, key, teams, model, upstream, route, ${COUNTS})
      select hour, principal, key, teams, model, upstream, '', ${COUNTS} from gateway_usage`,
    'drop table gateway_usage',
    'alter table gateway_usage_by_route rename to gateway_usage',
  ],
};
