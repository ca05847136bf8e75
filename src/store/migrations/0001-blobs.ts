import type { Migration } from './migration.ts';

/** Content: blobs, leases, uploads and what scanners said. */
export const blobs: Migration = {
  name: '0001-blobs',
  statements: [
    `create table blob (
      sha256 bytetext primary key,
      size bigint not null check (size >= 0),
      git_sha1 bytetext,
      created_at bigint not null
    )`,
    `create table blob_lease (
      id bytetext primary key,
      sha256 bytetext not null,
      holder bytetext not null,
      repository_id bytetext,
      expires_at bigint not null
    )`,
    'create index blob_lease_by_content on blob_lease (sha256)',
    'create index blob_lease_by_expiry on blob_lease (expires_at)',
    `create table blob_removal (
      sha256 bytetext primary key,
      started_at bigint not null
    )`,
    `create table upload (
      id bytetext primary key,
      sha256 bytetext,
      size bigint,
      repository_id bytetext,
      principal bytetext not null,
      created_at bigint not null,
      expires_at bigint not null
    )`,
    'create index upload_by_content on upload (sha256)',
    'create index upload_by_expiry on upload (expires_at)',
    'create index upload_by_repository on upload (repository_id)',
    `create table assessment (
      sha256 bytetext not null,
      path bytetext not null,
      rules bytetext not null,
      format bytetext not null,
      completeness bytetext not null,
      body bytetext not null,
      created_at bigint not null,
      primary key (sha256, path, rules)
    )`,
    'create index assessment_by_rules on assessment (rules, sha256)',
  ],
};
