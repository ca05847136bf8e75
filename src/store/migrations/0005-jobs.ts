import type { Migration } from './migration.ts';

/** Work that survives a crash, and who is told what happened. */
export const jobs: Migration = {
  name: '0005-jobs',
  statements: [
    `create table job (
      id bytetext primary key,
      kind bytetext not null,
      key bytetext unique,
      payload bytetext not null,
      state bytetext not null check (state in ('ready', 'running', 'done', 'dead')),
      attempts bigint not null,
      run_at bigint not null,
      lease_until bigint,
      error bytetext,
      created_at bigint not null
    )`,
    'create index job_to_run on job (state, run_at)',
    'create index job_by_lease on job (state, lease_until)',
    'create index job_by_kind on job (kind, state)',
    `create table webhook (
      id bytetext primary key,
      url bytetext not null,
      secret_ref bytetext not null,
      events bytetext not null,
      created_by bytetext not null,
      created_at bigint not null,
      disabled_at bigint
    )`,
  ],
};
