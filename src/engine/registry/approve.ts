import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import { approvalDigest } from '../../store/act-digests.ts';
import { newId } from '../../store/ids.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import type { Version } from './versions.ts';

/** An approval as it is given. */
export interface Approval {
  readonly stage: string;
  readonly comment?: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
}

/**
 * A person's yes for a version at a stage. It is for these bytes: another version needs another. Why not for services: a token
 * in a pipeline is nobody who looked.
 */
export async function approve(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
  approval: Approval,
): Promise<string> {
  authorize(principal, 'approve', repository);
  if (principal.kind !== 'user') throw new CordonError('access.denied', 'approvals are given by people, not by services');
  const stage = context.config.registry.stages.find(({ name }) => name === approval.stage);
  if (stage === undefined) throw new CordonError('request.invalid', `there is no stage ${JSON.stringify(approval.stage.slice(0, 64))}`);
  const id = newId();
  const now = context.now();
  const role = stage.requires.approvals?.role ?? 'approver';
  if (!principal.rolesOn(repositoryId(repository)).includes(role)) {
    throw new CordonError('access.denied', `${principal.name} does not hold the role ${role}`);
  }
  await context.store.transaction(async (tx) => {
    const row = {
      id,
      subject: version.manifest,
      stage: approval.stage,
      principal: principal.id,
      role,
      comment: (approval.comment ?? '').slice(0, 4_096),
      created_at: now,
      expires_at: approval.expiresAt ?? null,
      revoked_at: null,
      repository_id: repository.id,
    };
    await tx.insertInto('approval').values(row).execute();
    await appendEntry(tx, {
      kind: 'approval.given',
      body: {
        approval: id,
        row: approvalDigest(row),
        repository: repositoryId(repository),
        version: version.number,
        manifest: version.manifest,
        stage: approval.stage,
        role,
        by: principal.name,
      },
    });
  });
  return id;
}

/** Takes an approval back. */
export async function revokeApproval(context: RegistryContext, principal: Principal, repository: Repository, id: string): Promise<void> {
  authorize(principal, 'approve', repository);
  const revokedAt = context.now();
  await context.store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('approval')
      .set({ revoked_at: revokedAt })
      .where('id', '=', id)
      .where('principal', '=', principal.id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new CordonError('request.invalid', 'there is no such approval of yours');
    const body = { approval: id, repository: repositoryId(repository), revokedAt, by: principal.name };
    await appendEntry(tx, { kind: 'approval.revoked', body });
  });
}
