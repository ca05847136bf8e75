import type { Migration } from './migration.ts';

/** Records of the gateway, their contents, sums of usage, and how far journals were taken over. */
export const gatewayAudit: Migration = {
  name: '0016-gateway-audit',
  statements: [
    `create table gateway_batch (
      id bytetext primary key,
      position bigint not null,
      records bigint not null,
      last_at bigint not null
    )`,
    'create unique index gateway_batch_by_position on gateway_batch (position)',
    `create table gateway_exchange (
      batch bytetext not null,
      number bigint not null,
      id bytetext not null,
      at bigint not null,
      principal bytetext not null,
      outcome bytetext not null,
      session bytetext,
      body bytetext not null,
      primary key (batch, number)
    )`,
    'create index gateway_exchange_by_id on gateway_exchange (id)',
    'create index gateway_exchange_by_principal on gateway_exchange (principal, id)',
    // Why partial: nearly all are served, and those are found by time.
    "create index gateway_exchange_by_outcome on gateway_exchange (outcome, id) where outcome <> 'served'",
    'create index gateway_exchange_by_session on gateway_exchange (session, id) where session is not null',
    // Why "bytea": Postgres' name for bytes; SQLite keeps bytes as they are whatever the column is called.
    `create table gateway_content (
      id bytetext primary key,
      key bytetext not null,
      sealed bytea not null
    )`,
    'create index gateway_content_by_key on gateway_content (key)',
    `create table gateway_content_key (
      id bytetext primary key,
      day bytetext not null,
      master bytetext not null,
      wrapped bytetext not null,
      created_at bigint not null
    )`,
    `create table gateway_usage (
      hour bigint not null,
      principal bytetext not null,
      key bytetext not null,
      teams bytetext not null,
      model bytetext not null,
      upstream bytetext not null,
      requests bigint not null,
      served bigint not null,
      blocked bigint not null,
      limited bigint not null,
      failed bigint not null,
      input_tokens bigint not null,
      output_tokens bigint not null,
      cached_tokens bigint not null,
      cost_micros bigint not null,
      primary key (hour, principal, key, teams, model, upstream)
    )`,
    `create table gateway_journal (
      run bytetext primary key,
      stored bigint not null,
      updated_at bigint not null
    )`,
  ],
};
