import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { admit, blockedReason } from '../../engine/registry/admit.ts';
import { commit, type FileChange } from '../../engine/registry/commit.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { refName } from '../../engine/registry/names.ts';
import { openRepository, type Repository } from '../../engine/registry/repositories.ts';
import { resolveRevision, type Revision } from '../../engine/registry/revisions.ts';
import { bounded, upload } from '../../engine/registry/upload.ts';
import { bodyOf } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { headerText } from './errors.ts';
import { parsed } from './repository-routes.ts';
import { namedIn } from './routes.ts';
import { commitUrl } from './upload-routes.ts';

/** Why: small files come inside the commit, as Base64; what is larger goes through LFS. */
const BODY_BYTES = 512 * 1024 * 1024;
const FILES_AT_MOST = 50_000;

const Line = z.discriminatedUnion('key', [
  z.object({
    key: z.literal('header'),
    value: z.object({ summary: z.string().default(''), description: z.string().nullish(), parentCommit: z.string().nullish() }),
  }),
  z.object({
    key: z.literal('file'),
    value: z.object({ path: z.string(), content: z.string(), encoding: z.enum(['base64', 'utf-8']).default('utf-8') }),
  }),
  z.object({ key: z.literal('lfsFile'), value: z.object({ path: z.string(), oid: z.string().regex(/^[0-9a-f]{64}$/) }) }),
  z.object({ key: z.literal('deletedFile'), value: z.object({ path: z.string() }) }),
  z.object({ key: z.literal('deletedFolder'), value: z.object({ path: z.string() }) }),
]);
type Header = Extract<z.infer<typeof Line>, { key: 'header' }>['value'];

/** `POST /api/models/ns/name/commit/rev`: one JSON document a line. */
export function addCommitRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.post('/api/:kind{(?:models|datasets|spaces)}/:ns/:name/commit/:rev{.+}', async (c) => {
    const { principal } = c.var;
    const name = namedIn(c.req.param());
    const repository = await openRepository(context, principal, name, 'write');
    const branch = decodeURIComponent(c.req.param('rev'));
    const { header, changes } = await readCommit(c, context, repository);
    const ref = branch.startsWith('refs/') ? branch : refName('heads', branch);
    const existing = await resolveRevision(context, repository, branch).catch(() => undefined);
    if (existing === undefined && branch !== 'main') {
      throw new CordonError('revision.missing', `there is no branch ${JSON.stringify(branch.slice(0, 200))}`);
    }
    const revision = await commit(context, principal, repository, {
      ref,
      title: header.summary,
      changes,
      ...(typeof header.description === 'string' && { message: header.description }),
      ...(typeof header.parentCommit === 'string' && { parent: await parentOf(context, repository, header.parentCommit) }),
    });
    await tellAdmission(c, context, repository, revision);
    return c.json({ success: true, commitOid: revision.id, commitUrl: commitUrl(c, name, revision.id), hookOutput: '' });
  });
}

/** Why resolved: clients may name the parent by the branch they saw. */
async function parentOf(context: RegistryContext, repository: Repository, name: string): Promise<string> {
  return (await resolveRevision(context, repository, name)).id;
}

async function readCommit(
  c: RegistryRequest,
  context: RegistryContext,
  repository: Repository,
): Promise<{ readonly header: Header; readonly changes: readonly FileChange[] }> {
  let header: Header = { summary: '' };
  const changes: FileChange[] = [];
  const input = Readable.from(bounded(bodyOf(c), BODY_BYTES), { objectMode: false });
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    if (text.trim() === '') continue;
    const line = parsed(Line, parseLine(text));
    if (changes.length >= FILES_AT_MOST) throw new CordonError('request.invalid', `a commit has at most ${FILES_AT_MOST} changes`);
    if (line.key === 'header') header = line.value;
    else if (line.key === 'lfsFile') changes.push({ change: 'put', path: line.value.path, sha256: line.value.oid });
    else if (line.key === 'deletedFile') changes.push({ change: 'delete', path: line.value.path });
    else if (line.key === 'deletedFolder') changes.push({ change: 'delete-folder', path: line.value.path.replace(/\/+$/, '') });
    else {
      const { path, content, encoding } = line.value;
      const bytes = Buffer.from(content, encoding);
      const { sha256 } = await upload(context, c.var.principal, repository, once(bytes), { size: bytes.length });
      changes.push({ change: 'put', path, sha256 });
    }
  }
  return { header, changes };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CordonError('request.invalid', 'a line of the commit is no JSON', { cause: error });
  }
}

/** Waits for the gate, as long as a client is patient, and warns right away when it refuses. */
async function tellAdmission(c: RegistryRequest, context: RegistryContext, repository: Repository, revision: Revision): Promise<void> {
  const decided = admit(context, repository, revision.manifest).catch((error: unknown) => {
    context.log.error({ revision: revision.id, error: String(error) }, 'a revision could not be decided');
  });
  const patience = new Promise<undefined>((settled) => {
    setTimeout(() => settled(undefined), context.config.registry.ingest.waitSeconds * 1_000).unref();
  });
  const admission = await Promise.race([decided, patience]);
  if (admission !== undefined && admission.state !== 'admitted') {
    c.header('X-HF-Warning', headerText(`cordon; ${blockedReason(admission)}`));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
