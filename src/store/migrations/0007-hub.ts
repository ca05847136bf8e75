import type { Migration } from './migration.ts';

/** What the Hugging Face protocol needs: xorbs on their way, the talk about proposed changes, and where mirrored revisions came from. */
export const hub: Migration = {
  name: '0007-hub',
  statements: [
    `create table xet_xorb (
      repository_id bytetext not null references repository (id) on delete cascade,
      hash bytetext not null,
      sha256 bytetext not null references blob (sha256) on delete cascade,
      chunks bytetext not null,
      expires_at bigint not null,
      primary key (repository_id, hash)
    )`,
    'create index xet_xorb_by_content on xet_xorb (sha256)',
    'create index xet_xorb_by_expiry on xet_xorb (expires_at)',
    "alter table pull_request add column kind bytetext not null default 'pull-request'",
    `create table pull_request_event (
      id bytetext primary key,
      repository_id bytetext not null,
      number bigint not null,
      kind bytetext not null check (kind in ('comment', 'status-change', 'title-change', 'commit')),
      author bytetext not null,
      body bytetext not null,
      created_at bigint not null,
      foreign key (repository_id, number) references pull_request (repository_id, number) on delete cascade
    )`,
    'create index pull_request_event_by_request on pull_request_event (repository_id, number, id)',
    `create table upstream_revision (
      repository_id bytetext not null references repository (id) on delete cascade,
      upstream bytetext not null,
      remote_commit bytetext not null,
      revision bytetext,
      refusal bytetext not null,
      checked_at bigint not null,
      primary key (repository_id, remote_commit)
    )`,
    `create table upstream_ref (
      repository_id bytetext not null references repository (id) on delete cascade,
      name bytetext not null,
      remote_commit bytetext not null,
      checked_at bigint not null,
      primary key (repository_id, name)
    )`,
  ],
};
