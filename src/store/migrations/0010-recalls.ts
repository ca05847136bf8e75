import type { Migration } from './migration.ts';

/**
 * Recalls by themselves, so that one still counts when the files are committed again, in another repository or after the first
 * was deleted. Pulls stay when their repository is deleted: who has the files must be known then, too.
 */
export const recalls: Migration = {
  name: '0010-recalls',
  statements: [
    `create table recall (
      manifest bytetext not null,
      scope bytetext not null,
      reason bytetext not null,
      recalled_by bytetext not null,
      created_at bigint not null,
      primary key (manifest, scope)
    )`,
    `create table pull_kept (
      id bytetext primary key,
      repository_id bytetext not null,
      revision bytetext not null,
      manifest bytetext not null,
      principal bytetext not null,
      client bytetext not null,
      first_at bigint not null,
      last_at bigint not null,
      files bigint not null,
      unique (repository_id, revision, principal, client)
    )`,
    `insert into pull_kept (id, repository_id, revision, manifest, principal, client, first_at, last_at, files)
      select id, repository_id, revision, manifest, principal, client, first_at, last_at, files from pull`,
    'drop table pull',
    'alter table pull_kept rename to pull',
    'create index pull_by_manifest on pull (manifest)',
    'create index pull_by_principal on pull (principal, last_at)',
  ],
};
