import type { Migration } from './migration.ts';

/** Principals, roles, tokens and sessions. */
export const identity: Migration = {
  name: '0004-identity',
  statements: [
    `create table principal (
      id bytetext primary key,
      kind bytetext not null check (kind in ('user', 'service')),
      name bytetext not null unique,
      email bytetext,
      password_hash bytetext,
      oidc_issuer bytetext,
      oidc_subject bytetext,
      created_at bigint not null,
      disabled_at bigint,
      unique (oidc_issuer, oidc_subject)
    )`,
    `create table role_binding (
      id bytetext primary key,
      holder bytetext not null,
      role bytetext not null,
      namespace bytetext not null,
      created_by bytetext not null,
      created_at bigint not null,
      unique (holder, namespace, role)
    )`,
    'create index role_binding_by_namespace on role_binding (namespace)',
    `create table token (
      id bytetext primary key,
      principal_id bytetext not null references principal (id) on delete cascade,
      name bytetext not null,
      prefix bytetext not null,
      hash bytetext not null unique,
      scopes bytetext not null,
      created_at bigint not null,
      expires_at bigint,
      revoked_at bigint,
      last_used_at bigint
    )`,
    'create index token_by_principal on token (principal_id)',
    `create table session (
      id bytetext primary key,
      principal_id bytetext not null references principal (id) on delete cascade,
      hash bytetext not null unique,
      created_at bigint not null,
      expires_at bigint not null
    )`,
    'create index session_by_principal on session (principal_id)',
    'create index session_by_expiry on session (expires_at)',
  ],
};
