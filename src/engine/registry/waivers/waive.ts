import { CordonError } from '../../../core/errors.ts';
import { Waiver } from '../../../core/waiver.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import { applyWaivers } from '../../../policy/waivers/apply.ts';
import { waiverDigest } from '../../../store/act-digests.ts';
import { newId } from '../../../store/ids.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import { decideRepositoryAgain } from '../decide-again.ts';
import { findWaiver, type RegistryWaiver } from './list-waivers.ts';

/** An exception as it is asked for. At least one of path, fingerprint and sha256 narrows it where that is possible. */
export interface WaiverRequest {
  readonly rule: string;
  readonly path?: string;
  readonly fingerprint?: string;
  readonly sha256?: string;
  readonly reason: string;
  readonly ticket?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Asks for an exception in a repository. It covers nothing before somebody else approves it. Answers its id. */
export async function requestWaiver(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  request: WaiverRequest,
): Promise<string> {
  authorize(principal, 'write', repository);
  const { expiresAt, ...rest } = request;
  const now = context.now();
  if (expiresAt <= now) throw new CordonError('request.invalid', 'a waiver ends in the future');
  const id = newId();
  const waiver = Waiver.parse({ id, ...rest, owner: principal.name, created: day(now), expires: day(expiresAt) });
  const { statuses } = applyWaivers({
    findings: [],
    artifacts: [],
    waivers: [waiver],
    policy: context.config.waiverPolicy,
    today: day(now),
  });
  const refused = statuses.find(({ status }) => status === 'refused');
  if (refused !== undefined) throw new CordonError('request.invalid', `the waiver is ${refused.message}`);
  await context.store.transaction(async (tx) => {
    const row = {
      id,
      body: JSON.stringify(waiver),
      repository_id: repository.id,
      requested_by: principal.id,
      approved_by: null,
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
      ended_at: null,
    };
    await tx.insertInto('registry_waiver').values(row).execute();
    const { rule, reason } = waiver;
    const body = { waiver: id, row: waiverDigest(row), repository: repositoryId(repository), rule, reason, expiresAt, by: principal.name };
    await appendEntry(tx, { kind: 'waiver.requested', body });
  });
  return id;
}

/**
 * Puts a waiver into force and decides again what it concerns. Only for somebody else than who asked: an exception that one person
 * grants to themselves is none.
 */
export async function approveWaiver(context: RegistryContext, principal: Principal, repository: Repository, id: string): Promise<void> {
  authorize(principal, 'waive', repository);
  if (principal.kind !== 'user') throw new CordonError('access.denied', 'waivers are approved by people, not by services');
  const waiver = await findWaiver(context, repository, id);
  if (waiver.requestedBy === principal.id) throw new CordonError('access.denied', 'somebody else must approve a waiver of yours');
  await change(context, repository, waiver, 'waiver.approved', principal, { approved_by: principal.id });
}

/** Ends a waiver before its time; what rested on it is decided again at once. For who asked for it and for those who may waive. */
export async function revokeWaiver(context: RegistryContext, principal: Principal, repository: Repository, id: string): Promise<void> {
  authorize(principal, 'read', repository);
  const waiver = await findWaiver(context, repository, id);
  if (waiver.requestedBy !== principal.id) authorize(principal, 'waive', repository);
  await change(context, repository, waiver, 'waiver.revoked', principal, { revoked_at: context.now() });
}

async function change(
  context: RegistryContext,
  repository: Repository,
  waiver: RegistryWaiver,
  kind: 'waiver.approved' | 'waiver.revoked',
  principal: Principal,
  values: { readonly approved_by: string } | { readonly revoked_at: number },
): Promise<void> {
  await context.store.transaction(async (tx) => {
    let update = tx
      .updateTable('registry_waiver')
      .set(values)
      .where('id', '=', waiver.id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', context.now());
    if (kind === 'waiver.approved') update = update.where('approved_by', 'is', null);
    const { numUpdatedRows } = await update.executeTakeFirst();
    if (numUpdatedRows === 0n) throw new CordonError('registry.conflict', `the waiver is ${waiver.state}`);
    const body = { waiver: waiver.id, repository: repositoryId(repository), rule: waiver.rule, reason: waiver.reason, by: principal.name };
    await context.announcer.announce(tx, kind, body);
    const recorded = 'approved_by' in values ? { approvedBy: values.approved_by } : { revokedAt: values.revoked_at };
    await appendEntry(tx, { kind, body: { ...body, ...recorded } });
  });
  context.announcer.wake();
  await decideRepositoryAgain(context, repository);
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
