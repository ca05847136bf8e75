import type { Migration } from './migration.ts';

/** Which chunks files that came by Xet are made of, so that they can be downloaded by Xet. */
export const xetFiles: Migration = {
  name: '0011-xet-files',
  statements: [
    `create table xet_file (
      repository_id bytetext not null references repository (id) on delete cascade,
      sha256 bytetext not null references blob (sha256) on delete cascade,
      hash bytetext not null,
      primary key (repository_id, sha256)
    )`,
    'create index xet_file_by_content on xet_file (sha256)',
    'create index xet_file_by_hash on xet_file (repository_id, hash)',
    `create table xet_term (
      repository_id bytetext not null,
      sha256 bytetext not null,
      start_byte bigint not null,
      end_byte bigint not null,
      xorb bytetext not null,
      first_chunk bigint not null,
      chunks bigint not null,
      lengths bytetext not null,
      primary key (repository_id, sha256, start_byte),
      foreign key (repository_id, sha256) references xet_file (repository_id, sha256) on delete cascade
    )`,
    'create index xet_term_by_xorb on xet_term (repository_id, sha256, xorb, first_chunk)',
  ],
};
