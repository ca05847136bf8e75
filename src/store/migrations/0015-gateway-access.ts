import type { Migration } from './migration.ts';

/** Counters that tell other processes to look again, keys that stay the same through rotations, and kill switches. */
export const gatewayAccess: Migration = {
  name: '0015-gateway-access',
  statements: [
    'create table change_counter (topic bytetext primary key, value bigint not null)',
    'alter table token add column family bytetext',
    'update token set family = id',
    'create index token_by_family on token (family)',
    `create table gateway_stop (
      id bytetext primary key,
      kind bytetext not null,
      value bytetext not null,
      label bytetext not null,
      effect bytetext not null check (effect in ('block', 'tighten')),
      profile bytetext,
      reason bytetext not null,
      made_by bytetext not null,
      automatic bigint not null check (automatic in (0, 1)),
      made_at bigint not null,
      expires_at bigint,
      ended_at bigint,
      ended_by bytetext,
      version bigint not null
    )`,
    'create index gateway_stop_by_version on gateway_stop (version)',
    'create index gateway_stop_by_end on gateway_stop (ended_at, expires_at)',
    'create index gateway_stop_by_rule on gateway_stop (made_by, kind, value)',
  ],
};
