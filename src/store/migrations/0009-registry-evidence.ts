import type { Migration } from './migration.ts';

/**
 * What an attestation counts for is told by where it was brought: one OMS root digest can belong to sets of files with other names.
 * Approvals belong to a repository, admissions may end with a waiver.
 */
export const registryEvidence: Migration = {
  name: '0009-registry-evidence',
  statements: [
    `create table attestation_use (
      repository_id bytetext not null references repository (id) on delete cascade,
      manifest bytetext not null references manifest (digest) on delete cascade,
      attestation bytetext not null references attestation (digest),
      signer bytetext,
      problem bytetext not null,
      created_by bytetext not null,
      created_at bigint not null,
      primary key (repository_id, manifest, attestation)
    )`,
    'create index attestation_use_by_attestation on attestation_use (attestation)',
    'create index attestation_use_by_manifest on attestation_use (manifest)',
    'alter table attestation drop column signer',
    'alter table approval add column repository_id bytetext',
    'alter table admission add column expires_at bigint',
    'create index admission_by_expiry on admission (expires_at)',
    'alter table registry_waiver add column ended_at bigint',
  ],
};
