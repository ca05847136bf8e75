import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { isUniqueViolation } from '../../store/database-error.ts';
import { newId } from '../../store/ids.ts';
import type { Tx } from '../../store/open-store.ts';
import type { PrincipalTable } from '../../store/schema/identity.ts';
import type { Identity } from '../identity.ts';
import { isFreeName, PRINCIPAL_NAME } from '../principals/name.ts';
import type { OidcSubject } from './claims.ts';

type Row = Selectable<PrincipalTable>;

/** Why: the groups of a login count for a time; within this part of it, using them again does not prolong it. */
const GROUPS_FRESH_MS = 3_600_000;

/**
 * The principal of a subject; made at the first login if the issuer may. Why by issuer and subject and never by e-mail or name:
 * those can be given to somebody else, and another issuer can claim them.
 */
export async function principalOfSubject(identity: Identity, subject: OidcSubject, now: number): Promise<Row | undefined> {
  const found = await find(identity, subject);
  if (found !== undefined) return await withGroups(identity, await withKind(identity, found, subject, now), subject, now);
  if (identity.rules.issuers.get(subject.issuer)?.config.provision !== true) return undefined;
  try {
    return await identity.store.transaction((tx) => provision(identity, tx, subject, now));
  } catch (error) {
    // Two first requests at once: the other one made it.
    if (isUniqueViolation(error)) return await find(identity, subject);
    throw error;
  }
}

async function find(identity: Identity, { issuer, subject }: OidcSubject): Promise<Row | undefined> {
  return await identity.store.db
    .selectFrom('principal')
    .selectAll()
    .where('oidc_issuer', '=', issuer)
    .where('oidc_subject', '=', subject)
    .executeTakeFirst();
}

async function provision(identity: Identity, tx: Tx, subject: OidcSubject, now: number): Promise<Row> {
  const row: Row = {
    id: newId(),
    kind: subject.kind,
    name: await chooseName(tx, subject),
    email: subject.email ?? null,
    password_hash: null,
    oidc_issuer: subject.issuer,
    oidc_subject: subject.subject,
    group_names: subject.groups === undefined ? null : JSON.stringify(subject.groups),
    groups_at: subject.groups === undefined ? null : now,
    created_at: now,
    disabled_at: null,
  };
  await tx.insertInto('principal').values(row).execute();
  const { id, name, kind } = row;
  await identity.record(tx, {
    kind: 'principal.created',
    body: { by: subject.issuer, principal: id, name, kind, issuer: subject.issuer, subject: subject.subject, groups: subject.groups ?? [] },
    at: now,
  });
  return row;
}

/** A free name from what the provider calls them. Why never just that name: somebody could claim another's namespace by it. */
async function chooseName(tx: Tx, subject: OidcSubject): Promise<string> {
  const unique = createHash('sha256')
    .update(JSON.stringify([subject.issuer, subject.subject]))
    .digest('hex')
    .slice(0, 12);
  const wanted = (subject.name ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 80);
  if (PRINCIPAL_NAME.test(wanted) && (await isFreeName(tx, wanted))) return wanted;
  return PRINCIPAL_NAME.test(wanted) ? `${wanted}-${unique}` : `${subject.kind}-${unique}`;
}

/**
 * What turned out to be a service is one from now on, with every credential it has. Never the other way round: a token that says less
 * must not make a person of it.
 */
async function withKind(identity: Identity, row: Row, subject: OidcSubject, now: number): Promise<Row> {
  if (row.kind === 'service' || subject.kind === 'user') return row;
  await identity.store.transaction(async (tx) => {
    await tx.updateTable('principal').set({ kind: 'service' }).where('id', '=', row.id).execute();
    const body = { by: subject.issuer, principal: row.id, name: row.name, kind: 'service' };
    await identity.record(tx, { kind: 'principal.kind-changed', body, at: now });
  });
  return { ...row, kind: 'service' };
}

/** Keeps the groups of this login for the tokens of the principal. A token that says nothing of groups changes nothing. */
async function withGroups(identity: Identity, row: Row, subject: OidcSubject, now: number): Promise<Row> {
  if (subject.groups === undefined) return row;
  const names = JSON.stringify(subject.groups);
  const changed = names !== row.group_names;
  if (!changed && now - (row.groups_at ?? 0) < GROUPS_FRESH_MS) return row;
  await identity.store.transaction(async (tx) => {
    await tx.updateTable('principal').set({ group_names: names, groups_at: now }).where('id', '=', row.id).execute();
    if (!changed) return;
    const body = { by: subject.issuer, principal: row.id, name: row.name, groups: subject.groups };
    await identity.record(tx, { kind: 'principal.groups-changed', body, at: now });
  });
  return { ...row, group_names: names, groups_at: now };
}
