import type { Hono } from 'hono';
import { CordonError, errorCode } from '../../core/errors.ts';
import { admit, blockedReason } from '../../engine/registry/admit.ts';
import { commit } from '../../engine/registry/commit.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { refName } from '../../engine/registry/names.ts';
import { noticesOf } from '../../engine/registry/notices.ts';
import { requestRef } from '../../engine/registry/pull-requests/find-request.ts';
import { propose } from '../../engine/registry/pull-requests/propose.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { resolveRevision, type Revision } from '../../engine/registry/revisions.ts';
import { squash } from '../../engine/registry/squash.ts';
import { jsonBody } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { publicUrl } from '../http/public-url.ts';
import { headerText, hubError } from './errors.ts';
import { readCommit } from './read-commit.ts';
import { BASE, namedIn, pageOf, revisionAndPath } from './routes.ts';

/** Commits, with or without a proposed change made of them, and squashing. */
export function addCommitRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post(`${BASE}/commit/:rev{.+}`, async (c) => {
    try {
      return await makeCommit(c, context);
    } catch (error) {
      // Why 412: clients take it for "somebody else was first" and say so.
      if (errorCode(error) === 'registry.conflict') return hubError(c, error, {}, 412);
      throw error;
    }
  });

  app.post(`${BASE}/super-squash/:branch{.+}`, async (c) => {
    const repository = await openRepository(context, c.var.principal, namedIn(c.req.param()), 'write');
    const { message } = (await jsonBody(c)) as { message?: unknown };
    const branch = c.req.param('branch');
    const ref = branch.startsWith('refs/') ? branch : refName('heads', branch);
    const title = typeof message === 'string' && message !== '' ? message : `Super-squash branch '${branch}'`;
    await squash(context, c.var.principal, repository, ref, title);
    return c.json({ success: true });
  });
}

async function makeCommit(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const { principal } = c.var;
  const name = namedIn(c.req.param());
  const repository = await openRepository(context, principal, name, 'write');
  const branch = revisionAndPath(c, 5).revision;
  const base = await baseOf(context, repository, branch);
  const { header, changes } = await readCommit(c, context, repository);
  const description = header.description ?? '';
  const parent = typeof header.parentCommit === 'string' ? await parentOf(context, repository, header.parentCommit) : undefined;
  const isProposal = /^(?:1|true)$/i.test(c.req.query('create_pr') ?? '');
  const proposal = isProposal
    ? await propose(context, principal, repository, { kind: 'pull-request', title: header.summary, description, status: 'open' })
    : undefined;
  const ref = proposal === undefined ? refOf(branch) : requestRef(proposal.number);
  const revision = await commit(context, principal, repository, {
    ref,
    title: header.summary,
    message: description,
    changes,
    ...(parent !== undefined && { parent }),
    ...(proposal !== undefined && base !== undefined && { startFrom: base }),
  });
  await tellAdmission(c, context, repository, revision);
  const page = `${publicUrl(c, context)}/hf/${pageOf(name)}`;
  return c.json({
    success: true,
    commitOid: revision.id,
    commitUrl: `${page}/commit/${revision.id}`,
    hookOutput: '',
    ...(proposal !== undefined && { pullRequestUrl: `${page}/discussions/${proposal.number}` }),
  });
}

/** The revision that the change is made on; only `main` may be missing, before the first commit. */
async function baseOf(context: RegistryContext, repository: Repository, branch: string): Promise<Revision | undefined> {
  try {
    return await resolveRevision(context, repository, branch);
  } catch (error) {
    if (branch === 'main' && errorCode(error) === 'revision.missing') return undefined;
    throw error;
  }
}

function refOf(branch: string): string {
  if (!branch.startsWith('refs/')) return refName('heads', branch);
  if (/^refs\/(?:heads\/|pr\/\d+$)/.test(branch)) return branch;
  throw new CordonError('request.invalid', 'commits go to branches and proposed changes only');
}

/** Why resolved: clients may name the parent by the branch they saw. */
async function parentOf(context: RegistryContext, repository: Repository, name: string): Promise<string> {
  try {
    return (await resolveRevision(context, repository, name)).id;
  } catch (error) {
    throw new CordonError('registry.conflict', 'the parent commit is none of this repository', { cause: error });
  }
}

/** Waits for the gate, as long as a client is patient, and warns right away when it refuses or is worried. */
async function tellAdmission(c: RegistryRequest, context: RegistryContext, repository: Repository, revision: Revision): Promise<void> {
  const decided = admit(context, repository, revision.manifest).catch((error: unknown) => {
    context.log.error({ revision: revision.id, error: String(error) }, 'a revision could not be decided');
  });
  const patience = new Promise<undefined>((settled) => {
    setTimeout(() => settled(undefined), context.config.registry.ingest.waitSeconds * 1_000).unref();
  });
  const admission = await Promise.race([decided, patience]);
  const refusal = admission === undefined || admission.state === 'admitted' ? [] : [blockedReason(admission)];
  for (const notice of [...refusal, ...(await noticesOf(context, admission ?? undefined))]) {
    c.header('X-HF-Warning', headerText(`cordon ${revision.id.slice(0, 8)}; ${notice}`), { append: true });
  }
}
