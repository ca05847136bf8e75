import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { findRepository, type Repository } from '../../engine/registry/repositories.ts';
import { findRevision, type Revision } from '../../engine/registry/revisions.ts';
import { openRun } from '../../engine/registry/xet/open-run.ts';
import { openXetFile } from '../../engine/registry/xet/open-xet-file.ts';
import { reconstruct, type Reconstruction, type Run } from '../../engine/registry/xet/reconstruct.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Access } from '../http/access.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { parseRange } from '../http/range.ts';
import { sendFile } from '../http/send-file.ts';
import { XET_PURPOSE, xetUrl } from '../http/xet-session.ts';

/** Seconds. Why so short: the address is all that a client sends for these bytes. Clients ask again when it has ended. */
const BYTES_SECONDS = 15 * 60;
const USER_AGENT_CHARACTERS = 80;
const HASH = ':hash{[0-9a-f]{64}}';

const Reading = z.object({ repository: z.string(), revision: z.string() });
const Bytes = Reading.extend({ file: z.string(), xorb: z.string(), start: z.number(), end: z.number() });

/** What a client downloads: a file of a revision. */
interface Wanted {
  readonly principal: Principal;
  readonly repository: Repository;
  readonly revision: Revision;
}

/** Downloads by Xet: how a file is put together, and the chunks that it is made of. */
export function addDownloadRoutes(app: Hono<RegistryEnv>, context: RegistryContext, access: Access): void {
  for (const version of ['v1', 'v2'] as const) {
    app.get(`/:repository/:day/${version}/reconstructions/${HASH}`, async (c) => {
      const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
      const redeemed = token === undefined ? undefined : await access.redeem(token, XET_PURPOSE.read);
      if (redeemed === undefined || redeemed.claims.repository !== c.req.param('repository')) {
        throw new CordonError('access.unauthenticated', 'the token of this download has expired or is for another repository');
      }
      const wanted = await wantedBy(context, redeemed.principal, Reading.parse(redeemed.claims));
      return reconstruction(c, context, access, wanted, c.req.param('hash'), version);
    });
  }

  app.get('/:repository/:day/bytes/:ticket', async (c) => {
    const redeemed = await access.redeem(c.req.param('ticket'), XET_PURPOSE.bytes);
    if (redeemed === undefined || redeemed.claims.repository !== c.req.param('repository')) {
      // Why 403: clients take it for an address that has ended, and ask for a new one.
      throw new CordonError('access.denied', 'the address of these chunks has expired');
    }
    const claims = Bytes.parse(redeemed.claims);
    const { principal, repository, revision } = await wantedBy(context, redeemed.principal, claims);
    const file = await openXetFile(context, principal, repository, revision, claims.file);
    return sendFile(c, await openRun(context, repository, file, claims), {});
  });
}

async function wantedBy(context: RegistryContext, principal: Principal, claims: z.infer<typeof Reading>): Promise<Wanted> {
  const repository = await findRepository(context, principal, claims.repository);
  const revision = await findRevision(context.store.db, repository.id, claims.revision);
  if (revision === undefined) throw new CordonError('revision.missing', 'the revision of this download is gone');
  return { principal, repository, revision };
}

async function reconstruction(
  c: RegistryRequest,
  context: RegistryContext,
  access: Access,
  { principal, repository, revision }: Wanted,
  hash: string,
  version: 'v1' | 'v2',
): Promise<Response> {
  const file = await openXetFile(context, principal, repository, revision, hash);
  const range = parseRange(c.req.header('range'), file.size) ?? { start: 0, end: file.size };
  if (range === 'unsatisfiable') return c.body(null, 416, { 'Content-Range': `bytes */${file.size}` });
  const client = `xet ${(c.req.header('user-agent') ?? 'unknown').slice(0, USER_AGENT_CHARACTERS)}`;
  const pulled = { repositoryId: repository.id, revision: revision.id, manifest: revision.manifest, principal: principal.id, client };
  context.pulls.add(pulled, context.now());
  const made = await reconstruct(context, repository, file.sha256, range);
  const base = xetUrl(c, context, repository);
  const addressOf = ({ xorb, start, end }: Run): string => {
    const claims = { repository: repository.id, revision: revision.id, file: hash, xorb, start, end };
    return `${base}/bytes/${access.ticket(principal, XET_PURPOSE.bytes, claims, BYTES_SECONDS)}`;
  };
  c.header('Cache-Control', 'no-store');
  return c.json(version === 'v1' ? bodyV1(made, addressOf) : bodyV2(made, addressOf));
}

function bodyV1(made: Reconstruction, addressOf: (run: Run) => string): Record<string, unknown> {
  const entry = (run: Run) => ({
    range: { start: run.start, end: run.end },
    url: addressOf(run),
    url_range: { start: 0, end: run.bytes - 1 },
  });
  return { ...termsOf(made), fetch_info: byXorb(made.runs, entry) };
}

function bodyV2(made: Reconstruction, addressOf: (run: Run) => string): Record<string, unknown> {
  const entry = (run: Run) => ({
    url: addressOf(run),
    ranges: [{ chunks: { start: run.start, end: run.end }, bytes: { start: 0, end: run.bytes - 1 } }],
  });
  return { ...termsOf(made), xorbs: byXorb(made.runs, entry) };
}

function termsOf({ offset, terms }: Reconstruction): Record<string, unknown> {
  return {
    offset_into_first_range: offset,
    terms: terms.map(({ xorb, start, end, length }) => ({ hash: xorb, unpacked_length: length, range: { start, end } })),
  };
}

function byXorb<Entry>(runs: readonly Run[], entry: (run: Run) => Entry): Record<string, readonly Entry[]> {
  const entries = new Map<string, Entry[]>();
  for (const run of runs) {
    const known = entries.get(run.xorb);
    if (known === undefined) entries.set(run.xorb, [entry(run)]);
    else known.push(entry(run));
  }
  return Object.fromEntries(entries);
}
