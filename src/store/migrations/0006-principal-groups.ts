import type { Migration } from './migration.ts';

/** Groups of the last login, so that a token of somebody who got their roles by groups has them too. */
export const principalGroups: Migration = {
  name: '0006-principal-groups',
  statements: ['alter table principal add column group_names bytetext', 'alter table principal add column groups_at bigint'],
};
