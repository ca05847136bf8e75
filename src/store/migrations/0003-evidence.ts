import type { Migration } from './migration.ts';

/** Decisions, approvals, waivers, attestations, lineage and the ledger. */
export const evidence: Migration = {
  name: '0003-evidence',
  statements: [
    `create table decision (
      id bytetext primary key,
      gate bytetext not null,
      effect bytetext not null,
      repository_id bytetext,
      subject bytetext not null,
      policy bytetext not null,
      body bytetext not null,
      created_at bigint not null
    )`,
    'create index decision_by_subject on decision (subject, created_at)',
    'create index decision_by_repository on decision (repository_id, created_at)',
    'create index decision_by_gate on decision (gate, created_at)',
    `create table approval (
      id bytetext primary key,
      subject bytetext not null,
      stage bytetext not null,
      principal bytetext not null,
      role bytetext not null,
      comment bytetext not null,
      created_at bigint not null,
      expires_at bigint,
      revoked_at bigint
    )`,
    'create index approval_by_subject on approval (subject, stage)',
    `create table registry_waiver (
      id bytetext primary key,
      body bytetext not null,
      repository_id bytetext,
      requested_by bytetext not null,
      approved_by bytetext,
      created_at bigint not null,
      expires_at bigint not null,
      revoked_at bigint
    )`,
    'create index registry_waiver_by_repository on registry_waiver (repository_id)',
    'create index registry_waiver_by_expiry on registry_waiver (expires_at)',
    `create table attestation (
      digest bytetext primary key,
      subject bytetext not null,
      predicate_type bytetext not null,
      signer bytetext,
      body bytetext not null,
      created_by bytetext not null,
      created_at bigint not null
    )`,
    'create index attestation_by_subject on attestation (subject, predicate_type)',
    'create index attestation_by_predicate on attestation (predicate_type, created_at)',
    `create table lineage (
      ancestor bytetext not null,
      descendant bytetext not null,
      relation bytetext not null,
      basis bytetext not null check (basis in ('measured', 'attested', 'declared')),
      attestation bytetext,
      created_at bigint not null,
      primary key (ancestor, descendant, relation, basis)
    )`,
    'create index lineage_by_descendant on lineage (descendant, ancestor)',
    `create table ledger (
      position bigint primary key,
      leaf bytetext not null,
      kind bytetext not null,
      body bytetext not null,
      created_at bigint not null
    )`,
    'create index ledger_by_kind on ledger (kind, position)',
    'create index ledger_by_leaf on ledger (leaf)',
    `create table ledger_node (
      level bigint not null,
      position bigint not null,
      hash bytetext not null,
      primary key (level, position)
    )`,
    `create table checkpoint (
      size bigint primary key,
      root bytetext not null,
      note bytetext not null,
      created_at bigint not null
    )`,
  ],
};
