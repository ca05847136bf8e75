import type { Selectable } from 'kysely';
import { CordonError } from '../../../core/errors.ts';
import { Waiver } from '../../../core/waiver.ts';
import type { RegistryWaiverTable } from '../../../store/schema/evidence.ts';
import type { RegistryContext } from '../context.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';

/** An exception in a repository, as it stands now. */
export interface RegistryWaiver extends Pick<Waiver, 'id' | 'rule' | 'path' | 'fingerprint' | 'sha256' | 'reason' | 'ticket' | 'owner'> {
  readonly state: 'requested' | 'in force' | 'expired' | 'revoked';
  readonly requestedBy: string;
  readonly approvedBy: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The waivers of a repository, newest first. */
export async function listWaivers(context: RegistryContext, repository: Repository): Promise<readonly RegistryWaiver[]> {
  const rows = await context.store.db
    .selectFrom('registry_waiver')
    .selectAll()
    .where('repository_id', '=', repository.id)
    .orderBy('created_at', 'desc')
    .limit(1_000)
    .execute();
  return rows.map((row) => waiverOf(row, context.now()));
}

/** A waiver of a repository. Throws `request.invalid`. */
export async function findWaiver(context: RegistryContext, repository: Repository, id: string): Promise<RegistryWaiver> {
  const row = await context.store.db
    .selectFrom('registry_waiver')
    .selectAll()
    .where('id', '=', id)
    .where('repository_id', '=', repository.id)
    .executeTakeFirst();
  if (row === undefined) throw new CordonError('request.invalid', `${repositoryId(repository)} has no such waiver`);
  return waiverOf(row, context.now());
}

function waiverOf(row: Selectable<RegistryWaiverTable>, now: number): RegistryWaiver {
  const { id, rule, path, fingerprint, sha256, reason, ticket, owner } = Waiver.parse(JSON.parse(row.body));
  return {
    id,
    rule,
    reason,
    owner,
    ...(path !== undefined && { path }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(sha256 !== undefined && { sha256 }),
    ...(ticket !== undefined && { ticket }),
    state: stateOf(row, now),
    requestedBy: row.requested_by,
    approvedBy: row.approved_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function stateOf({ revoked_at, expires_at, approved_by }: Selectable<RegistryWaiverTable>, now: number): RegistryWaiver['state'] {
  if (revoked_at !== null) return 'revoked';
  if (expires_at <= now) return 'expired';
  return approved_by === null ? 'requested' : 'in force';
}
