import type { Migration } from './migration.ts';

/** What decides who may do what, and what is served under which name. */
const WATCHED: readonly (readonly [table: string, acts: readonly string[]])[] = [
  ['principal', ['update', 'delete']],
  // Why not every column: when a token was last used changes nothing.
  ['token', ['update of principal_id, hash, scopes, expires_at, revoked_at', 'delete']],
  ['role_binding', ['insert', 'update', 'delete']],
  ['repository', ['insert', 'update', 'delete']],
  ['ref', ['insert', 'update', 'delete']],
  ['revision', ['update', 'delete']],
  ['admission', ['insert', 'update', 'delete']],
  ['recall', ['insert', 'update', 'delete']],
  ['content_recall', ['insert', 'update', 'delete']],
  ['conversion', ['insert', 'update', 'delete']],
];

const triggers = WATCHED.flatMap(([table, acts]) => acts.map((act) => ({ table, act, name: `${table}_${act.split(' ', 1)[0]}_counts` })));

/**
 * A number that grows with every change of {@link WATCHED}, so that servers know when what they remember is out of date. Why by
 * triggers: whoever changes a row, by whatever way, changes the number in the same transaction.
 */
export const changes: Migration = {
  name: '0014-changes',
  statements: [
    'create table change (id bigint primary key check (id = 1), value bigint not null)',
    'insert into change (id, value) values (1, 1)',
  ],
  own: {
    sqlite: triggers.map(
      ({ table, act, name }) => `create trigger ${name} after ${act} on ${table} begin update change set value = value + 1; end`,
    ),
    postgres: [
      // Why once, and at the end of the transaction: everybody waits for this row, and nothing else is locked after it.
      `create function count_change() returns trigger language plpgsql as $$
      begin
        if current_setting('cordon.counted', true) is distinct from pg_current_xact_id()::text then
          perform set_config('cordon.counted', pg_current_xact_id()::text, true);
          update change set value = value + 1;
        end if;
        return null;
      end $$`,
      ...triggers.map(
        ({ table, act, name }) =>
          `create constraint trigger ${name} after ${act} on ${table} deferrable initially deferred for each row execute function count_change()`,
      ),
    ],
  },
};
