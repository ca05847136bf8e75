import type { Reason } from '../../core/decision.ts';
import type { Stage } from '../../core/registry-config.ts';
import type { RegistryContext } from './context.ts';
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

const SIGNATURE = 'https://model_signing/signature/v1.0';
const BOMS: readonly string[] = ['https://cyclonedx.org/bom', 'https://spdx.dev/Document/v3'];

/** What a stage asks for besides its gate, item by item. */
export async function requirementsOf(
  context: RegistryContext,
  repository: Repository,
  version: Version,
  stage: Stage,
  promoter: string,
): Promise<readonly Requirement[]> {
  const { requires } = stage;
  const attestations = await attestationsOf(context, version);
  const met: Requirement[] = [];
  if (stage.after !== undefined) met.push(await wasPromoted(context, version, stage.after));
  if (requires.signature) met.push(signatureOf(attestations, requires.signers, repository, version));
  if (requires.bom) {
    const has = attestations.some(({ predicate_type }) => BOMS.some((bom) => predicate_type.startsWith(bom)));
    met.push({ id: 'bom', title: 'bill of materials', isMet: has, detail: has ? 'made' : 'none; run cordon bom' });
  }
  for (const { id, predicate, name, result } of requires.attestations) {
    const found = attestations.find(
      (one) => one.predicate_type === predicate && one.signer !== null && says(one.body, name, result, predicate),
    );
    met.push({
      id: `attestation-${id}`,
      title: `attestation ${id}`,
      isMet: found !== undefined,
      detail:
        found === undefined
          ? `no verified attestation ${predicate}${name === undefined ? '' : ` named ${name}`} that says ${result}`
          : `signed by ${found.signer}`,
    });
  }
  if (requires.approvals !== undefined) met.push(await approvalsOf(context, version, stage, promoter));
  return met;
}

/** An unmet requirement as a reason of the decision. */
export function reasonsOf(requirements: readonly Requirement[]): Reason[] {
  return requirements
    .filter(({ isMet }) => !isMet)
    .map(({ id, title, detail }) => ({ id: `requires-${id}`, effect: 'deny', message: `${title}: ${detail}`, inputs: [] }));
}

interface Attested {
  readonly predicate_type: string;
  readonly signer: string | null;
  readonly body: string;
}

async function attestationsOf(context: RegistryContext, version: Version): Promise<readonly Attested[]> {
  return context.store.db
    .selectFrom('attestation')
    .innerJoin('manifest', 'manifest.oms_digest', 'attestation.subject')
    .select(['attestation.predicate_type', 'attestation.signer', 'attestation.body'])
    .where('manifest.digest', '=', version.manifest)
    .execute();
}

function signatureOf(attestations: readonly Attested[], signers: readonly string[], repository: Repository, version: Version): Requirement {
  const signed = attestations.filter(({ predicate_type, signer }) => predicate_type === SIGNATURE && signer !== null);
  const first = signed.find(({ signer }) => signers.length === 0 || signers.includes(signer as string));
  const isMet = first !== undefined;
  const detail = isMet
    ? `signed by ${first.signer}`
    : signed.length > 0
      ? `signed by ${signed.map(({ signer }) => signer).join(', ')}, who is not listed`
      : `none that verifies; run cordon sign and push the bundle to ${repositoryId(repository)}@v${version.number}`;
  return { id: 'signature', title: 'signature', isMet, detail };
}

/** Does an in-toto statement inside a bundle carry the wanted name and result? Unreadable means no. */
function says(body: string, name: string | undefined, result: string, predicateType: string): boolean {
  try {
    const { dsseEnvelope, payload } = JSON.parse(body) as { dsseEnvelope?: { payload: string }; payload?: string };
    const statement = JSON.parse(Buffer.from(dsseEnvelope?.payload ?? payload ?? '', 'base64').toString()) as {
      predicate?: { result?: unknown; configuration?: readonly { name?: unknown }[]; name?: unknown };
    };
    const { predicate } = statement;
    const names = [predicate?.name, ...(predicate?.configuration ?? []).map((one) => one.name)];
    const isNamed = name === undefined || names.includes(name);
    return isNamed && (!predicateType.includes('test-result') || predicate?.result === result);
  } catch {
    return false;
  }
}

async function approvalsOf(context: RegistryContext, version: Version, stage: Stage, promoter: string): Promise<Requirement> {
  const { count, role, notAuthor } = stage.requires.approvals ?? { count: 1, role: 'approver', notAuthor: true };
  const now = context.now();
  const rows = await context.store.db
    .selectFrom('approval')
    .innerJoin('principal', 'principal.id', 'approval.principal')
    .select(['approval.principal', 'approval.role', 'approval.expires_at', 'principal.name'])
    .where('approval.subject', '=', version.manifest)
    .where('approval.stage', '=', stage.name)
    .where('approval.revoked_at', 'is', null)
    .where('principal.disabled_at', 'is', null)
    .execute();
  const valid = rows.filter(
    (row) =>
      row.role === role &&
      (row.expires_at === null || row.expires_at > now) &&
      // Why: two people must have looked; who made it or carries it out is one of them already.
      !(notAuthor && (row.principal === version.created_by || row.principal === promoter)),
  );
  const people = new Map(valid.map(({ principal, name }) => [principal, name]));
  const names = [...people.values()].toSorted().join(', ');
  return {
    id: 'approvals',
    title: 'approvals',
    isMet: people.size >= count,
    detail: `${people.size} of ${count} by ${role}${names === '' ? '' : ` (${names})`}${people.size >= count ? '' : `; somebody else must run cordon approve`}`,
  };
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
