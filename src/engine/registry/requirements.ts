import type { Reason } from '../../core/decision.ts';
import type { Stage, StageRequirements } from '../../core/registry-config.ts';
import { OMS_PREDICATE } from '../../evidence/oms/statement.ts';
import { signerText } from '../../evidence/signature/verified.ts';
import type { RegistryContext } from './context.ts';
import { attestationsOf, type KeptAttestation, namesOfSigner } from './evidence/attestations-of.ts';
import { isBill } from './evidence/keep-bill.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import type { Version } from './versions.ts';

/** One thing a stage asks for, and whether it is there. */
export interface Requirement {
  readonly id: string;
  readonly title: string;
  readonly isMet: boolean;
  /** What meets it, or what is missing and how to get it. */
  readonly detail: string;
}

/** What a stage asks for besides its gate, item by item. */
export async function requirementsOf(
  context: RegistryContext,
  repository: Repository,
  version: Version,
  stage: Stage,
  promoter: string,
): Promise<readonly Requirement[]> {
  const { requires } = stage;
  const kept = (await attestationsOf(context, repository, version.manifest)).filter(({ signer }) => signer !== undefined);
  const met: Requirement[] = [];
  if (stage.after !== undefined) met.push(await wasPromoted(context, version, stage.after));
  if (requires.signature) met.push(signatureOf(kept, requires.signers, repository, version));
  if (requires.bom) {
    const has = kept.some(({ isOwn, predicateType }) => isOwn && isBill(predicateType));
    const detail = has ? 'made' : context.attestor === undefined ? 'this registry has no signing key' : 'made with the promotion';
    met.push({ id: 'bom', title: 'bill of materials', isMet: has || context.attestor !== undefined, detail });
  }
  for (const wanted of requires.attestations) met.push(attestationOf(kept, wanted));
  if (requires.approvals !== undefined) met.push((await approvalsOf(context, version, stage, promoter)).requirement);
  return met;
}

/** An unmet requirement as a reason of the decision. */
export function reasonsOf(requirements: readonly Requirement[]): Reason[] {
  return requirements
    .filter(({ isMet }) => !isMet)
    .map(({ id, title, detail }) => ({ id: `requires-${id}`, effect: 'deny', message: `${title}: ${detail}`, inputs: [] }));
}

/** Why not the registry's own: it signs every version, so that its signature says nothing of who made it, unless it is asked for by name. */
function signatureOf(kept: readonly KeptAttestation[], signers: readonly string[], repository: Repository, version: Version): Requirement {
  const signed = kept.filter(({ predicateType, isOwn }) => predicateType === OMS_PREDICATE && (!isOwn || signers.length > 0));
  const found = signed.find((one) => isBy(one, signers));
  const who = [...new Set(signed.map(signerOf))].join(', ');
  const detail =
    found !== undefined
      ? `signed by ${signerOf(found)}`
      : signed.length > 0
        ? `signed by ${who}, who is not listed`
        : `none that verifies; run cordon sign and cordon attestation push ${repositoryId(repository)}@${version.number} FILE`;
  return { id: 'signature', title: 'signature', isMet: found !== undefined, detail };
}

/** Why the newest alone: a test that failed since must not be covered by one that passed before. */
function attestationOf(kept: readonly KeptAttestation[], wanted: StageRequirements['attestations'][number]): Requirement {
  const { id, predicate, name, result, signers } = wanted;
  const newest = kept.find((one) => one.predicateType === predicate && !one.isOwn && isNamed(one, name) && isBy(one, signers));
  const said = newest === undefined || !predicate.includes('test-result') ? result : String(newest.predicate['result']).slice(0, 50);
  const named = name === undefined ? '' : ` named ${name}`;
  const detail =
    newest === undefined
      ? `no verified attestation ${predicate}${named}${signers.length > 0 ? ` by ${signers.join(' or ')}` : ''}`
      : `signed by ${signerOf(newest)}${said === result ? '' : `, says ${said} and not ${result}`}`;
  return { id: `attestation-${id}`, title: `attestation ${id}`, isMet: newest !== undefined && said === result, detail };
}

function isBy({ signer }: KeptAttestation, signers: readonly string[]): boolean {
  return signers.length === 0 || (signer !== undefined && namesOfSigner(signer).some((name) => signers.includes(name)));
}

function signerOf({ signer }: KeptAttestation): string {
  return signer === undefined ? 'nobody' : signerText(signer);
}

/** Whether a statement carries a name, its own or that of what was run. */
function isNamed({ predicate }: KeptAttestation, name: string | undefined): boolean {
  if (name === undefined || predicate['name'] === name) return true;
  const { configuration } = predicate;
  return Array.isArray(configuration) && configuration.some((one) => (one as { readonly name?: unknown } | null)?.name === name);
}

/** The approvals that count for a stage, and when the first of them ends. */
export async function approvalsOf(
  context: RegistryContext,
  version: Version,
  stage: Stage,
  promoter: string,
): Promise<{ readonly requirement: Requirement; readonly endsAt: number | undefined }> {
  const { count, role, notAuthor } = stage.requires.approvals ?? { count: 1, role: 'approver', notAuthor: true };
  const now = context.now();
  const rows = await context.store.db
    .selectFrom('approval')
    .innerJoin('principal', 'principal.id', 'approval.principal')
    .select(['approval.principal', 'approval.role', 'approval.expires_at', 'principal.name'])
    .where('approval.subject', '=', version.manifest)
    // Why: whoever may approve in a namespace of their own could otherwise approve the same bytes here.
    .where('approval.repository_id', '=', version.repository_id)
    .where('approval.stage', '=', stage.name)
    .where('approval.revoked_at', 'is', null)
    .where('principal.disabled_at', 'is', null)
    .execute();
  const { author } = await context.store.db
    .selectFrom('revision')
    .select('author')
    .where('repository_id', '=', version.repository_id)
    .where('id', '=', version.revision)
    .executeTakeFirstOrThrow();
  const valid = rows.filter(
    (row) =>
      row.role === role &&
      (row.expires_at === null || row.expires_at > now) &&
      // Why: two people must have looked; who committed or sealed it, or carries it out, is one of them already.
      !(notAuthor && (row.principal === version.created_by || row.principal === promoter || row.name === author)),
  );
  const people = new Map(valid.map(({ principal, name }) => [principal, name]));
  const names = [...people.values()].toSorted().join(', ');
  const ends = valid.flatMap(({ expires_at }) => (expires_at === null ? [] : [expires_at]));
  const requirement = {
    id: 'approvals',
    title: 'approvals',
    isMet: people.size >= count,
    detail: `${people.size} of ${count} by ${role}${names === '' ? '' : ` (${names})`}${people.size >= count ? '' : `; somebody else must run cordon approve`}`,
  };
  return { requirement, endsAt: ends.length === 0 ? undefined : Math.min(...ends) };
}

async function wasPromoted(context: RegistryContext, version: Version, stage: string): Promise<Requirement> {
  const row = await context.store.db
    .selectFrom('decision')
    .select('id')
    .where('subject', '=', version.manifest)
    .where('repository_id', '=', version.repository_id)
    .where('gate', '=', `promote:${stage}`)
    .where('effect', '!=', 'deny')
    .executeTakeFirst();
  return {
    id: `after-${stage}`,
    title: `promoted to ${stage} before`,
    isMet: row !== undefined,
    detail: row === undefined ? `it was never promoted to ${stage}` : 'yes',
  };
}
