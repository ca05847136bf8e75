import type { Migration } from './migration.ts';

/** Revisions served as safetensors in place of checkpoints, and recalls of a content wherever it lies. */
export const conversions: Migration = {
  name: '0013-conversions',
  statements: [
    `create table conversion (
      repository_id bytetext not null references repository (id) on delete cascade,
      manifest bytetext not null references manifest (digest) on delete cascade,
      state bytetext not null,
      rules bytetext not null,
      revision bytetext,
      result bytetext,
      reason bytetext not null,
      body bytetext not null,
      updated_at bigint not null,
      primary key (repository_id, manifest)
    )`,
    'create index conversion_by_result on conversion (repository_id, result)',
    `create table content_recall (
      sha256 bytetext not null,
      scope bytetext not null,
      reason bytetext not null,
      recalled_by bytetext not null,
      created_at bigint not null,
      primary key (sha256, scope)
    )`,
  ],
};
