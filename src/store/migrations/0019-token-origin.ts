import type { Migration } from './migration.ts';

/** With which token a token was made, so that all that came of a stolen one can be ended. */
export const tokenOrigin: Migration = {
  name: '0019-token-origin',
  statements: ['alter table token add column made_with bytetext', 'create index token_by_origin on token (made_with)'],
};
