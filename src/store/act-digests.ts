import { createHash } from 'node:crypto';
import type { Insertable, Selectable } from 'kysely';
import { canonicalJson } from '../core/canonical-json.ts';
import type { ApprovalTable, DecisionTable, RegistryWaiverTable } from './schema/evidence.ts';
import type { TokenTable } from './schema/identity.ts';

/*
 * SHA-256 over the columns of a row that never change. It stands in the ledger entry of the act that wrote the row, so that a row that
 * is changed past Cordon is found and named.
 */

/** Digest of a decision. */
export function decisionDigest(row: Insertable<DecisionTable>): string {
  return digestOf({ ...row });
}

/** Digest of an approval, whether it was taken back or not. */
export function approvalDigest(row: Selectable<ApprovalTable>): string {
  const { revoked_at: _, ...kept } = row;
  return digestOf(kept);
}

/** Digest of a waiver as it was asked for. */
export function waiverDigest(row: Selectable<RegistryWaiverTable>): string {
  const { approved_by: _, revoked_at: __, ended_at: ___, ...kept } = row;
  return digestOf(kept);
}

/** Digest of a token, the hash of its secret included. */
export function tokenDigest(row: Selectable<TokenTable>): string {
  const { expires_at: _, revoked_at: __, last_used_at: ___, ...kept } = row;
  return digestOf(kept);
}

function digestOf(row: object): string {
  // Why without what is null: a column that a later version adds must not change what was recorded.
  const columns = Object.entries(row).filter(([, value]) => value !== null);
  return createHash('sha256')
    .update(canonicalJson(Object.fromEntries(columns)))
    .digest('hex');
}
