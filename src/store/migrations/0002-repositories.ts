import type { Migration } from './migration.ts';

/** Repositories, manifests, revisions, refs, versions, admissions and pulls. */
export const repositories: Migration = {
  name: '0002-repositories',
  statements: [
    `create table repository (
      id bytetext primary key,
      kind bytetext not null check (kind in ('model', 'dataset', 'space')),
      namespace bytetext not null,
      name bytetext not null,
      private bigint not null,
      created_by bytetext not null,
      created_at bigint not null,
      updated_at bigint not null,
      unique (kind, namespace, name)
    )`,
    'create index repository_by_namespace on repository (namespace, name)',
    'create index repository_by_update on repository (updated_at)',
    `create table manifest (
      digest bytetext primary key,
      oms_digest bytetext not null,
      files bigint not null,
      bytes bigint not null,
      created_at bigint not null
    )`,
    'create index manifest_by_oms_digest on manifest (oms_digest)',
    `create table manifest_entry (
      manifest bytetext not null references manifest (digest) on delete cascade,
      path bytetext not null,
      sha256 bytetext not null references blob (sha256),
      size bigint not null,
      primary key (manifest, path)
    )`,
    'create index manifest_entry_by_content on manifest_entry (sha256)',
    `create table revision (
      id bytetext not null,
      repository_id bytetext not null references repository (id) on delete cascade,
      manifest bytetext not null references manifest (digest),
      parent bytetext,
      title bytetext not null,
      message bytetext not null,
      author bytetext not null,
      created_at bigint not null,
      primary key (repository_id, id)
    )`,
    'create index revision_by_id on revision (id)',
    'create index revision_by_manifest on revision (manifest)',
    'create index revision_by_age on revision (repository_id, created_at)',
    `create table ref (
      repository_id bytetext not null references repository (id) on delete cascade,
      name bytetext not null,
      revision bytetext not null,
      updated_at bigint not null,
      primary key (repository_id, name),
      foreign key (repository_id, revision) references revision (repository_id, id)
    )`,
    'create index ref_by_revision on ref (repository_id, revision)',
    `create table pull_request (
      repository_id bytetext not null references repository (id) on delete cascade,
      number bigint not null,
      title bytetext not null,
      description bytetext not null,
      author bytetext not null,
      status bytetext not null check (status in ('draft', 'open', 'merged', 'closed')),
      created_at bigint not null,
      closed_at bigint,
      primary key (repository_id, number)
    )`,
    `create table admission (
      repository_id bytetext not null references repository (id) on delete cascade,
      manifest bytetext not null references manifest (digest),
      state bytetext not null check (state in ('pending', 'admitted', 'quarantined', 'recalled')),
      decision_id bytetext,
      reason bytetext not null,
      updated_at bigint not null,
      primary key (repository_id, manifest)
    )`,
    'create index admission_by_manifest on admission (manifest)',
    'create index admission_by_state on admission (state, updated_at)',
    `create table version (
      id bytetext primary key,
      repository_id bytetext not null references repository (id) on delete cascade,
      number bigint not null,
      revision bytetext not null,
      manifest bytetext not null references manifest (digest),
      stage bytetext not null,
      created_by bytetext not null,
      created_at bigint not null,
      unique (repository_id, number),
      foreign key (repository_id, revision) references revision (repository_id, id)
    )`,
    'create index version_by_manifest on version (manifest)',
    'create index version_by_revision on version (repository_id, revision)',
    'create index version_by_stage on version (stage, repository_id)',
    `create table pull (
      id bytetext primary key,
      repository_id bytetext not null references repository (id) on delete cascade,
      revision bytetext not null,
      manifest bytetext not null,
      principal bytetext not null,
      client bytetext not null,
      first_at bigint not null,
      last_at bigint not null,
      files bigint not null,
      unique (repository_id, revision, principal, client)
    )`,
    'create index pull_by_manifest on pull (manifest)',
    'create index pull_by_principal on pull (principal, last_at)',
  ],
};
