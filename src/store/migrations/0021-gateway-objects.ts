import type { Migration } from './migration.ts';

/** What providers keep for callers of the gateway, and whose it is. */
export const gatewayObjects: Migration = {
  name: '0021-gateway-objects',
  statements: [
    `create table gateway_object (
      kind bytetext not null,
      id bytetext not null,
      upstream bytetext not null,
      principal bytetext not null,
      model bytetext not null,
      purpose bytetext not null,
      detail bytetext not null,
      made_at bigint not null,
      primary key (kind, id)
    )`,
    'create index gateway_object_by_owner on gateway_object (principal, kind, made_at, id)',
    'create index gateway_object_by_age on gateway_object (made_at)',
  ],
};
