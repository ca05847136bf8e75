import type { Migration } from './migration.ts';

/** What namespaces with a quota hold: each content once, and the sum. */
export const namespaceUse: Migration = {
  name: '0018-namespace-use',
  statements: [
    'create table namespace_use (namespace bytetext primary key, bytes bigint not null)',
    `create table namespace_content (
      namespace bytetext not null,
      sha256 bytetext not null,
      size bigint not null,
      primary key (namespace, sha256)
    )`,
  ],
};
