import type { RegistryContext } from '../../engine/registry/context.ts';
import type { ServableFile } from '../../engine/registry/read-file.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Revision } from '../../engine/registry/revisions.ts';
import { xetHashes } from '../../engine/registry/xet/keep-index.ts';
import type { RegistryRequest } from '../http/env.ts';
import { publicUrl } from '../http/public-url.ts';
import { xetUrl } from '../http/xet-session.ts';
import { type HubEntry, isLfs } from './entries.ts';
import { pluralOf } from './routes.ts';

/** Media type by which JavaScript asks for the description below instead of the file. */
const DESCRIPTION = 'application/vnd.xet-fileinfo+json';

/** Where a file can be downloaded by Xet. */
export interface XetLinks {
  readonly hash: string;
  /** Gives the token for it. */
  readonly refreshUrl: string;
  readonly reconstructionUrl: string;
}

/** Undefined: the file did not come by Xet, so that its chunks are not known. */
export async function xetLinksOf(
  c: RegistryRequest,
  context: RegistryContext,
  repository: Repository,
  revision: Revision,
  { path, size, sha256 }: ServableFile,
): Promise<XetLinks | undefined> {
  // Why: clients send only these by Xet, and most lookups are about the others.
  if (!isLfs(path, size)) return undefined;
  const hash = (await xetHashes(context, repository, [sha256])).get(sha256);
  if (hash === undefined) return undefined;
  const repositoryUrl = `${publicUrl(c, context)}/hf/api/${pluralOf(repository.kind)}/${repository.namespace}/${repository.name}`;
  return {
    hash,
    refreshUrl: `${repositoryUrl}/xet-read-token/${revision.id}`,
    reconstructionUrl: `${xetUrl(c, context, repository)}/v1/reconstructions/${hash}`,
  };
}

/** Entries with their names in Xet, where they have one: clients download and copy by it. */
export async function withXetHashes(
  context: RegistryContext,
  repository: Repository,
  entries: readonly HubEntry[],
): Promise<readonly HubEntry[]> {
  const digests = entries.flatMap((entry) => (entry.type === 'file' && entry.lfs !== undefined ? [entry.sha256] : []));
  const hashes = await xetHashes(context, repository, [...new Set(digests)]);
  return entries.map((entry) => {
    const xetHash = entry.type === 'file' && entry.lfs !== undefined ? hashes.get(entry.sha256) : undefined;
    return xetHash === undefined ? entry : { ...entry, xetHash };
  });
}

/** The headers by which clients choose Xet. */
export function xetHeaders({ hash, refreshUrl, reconstructionUrl }: XetLinks): Record<string, string> {
  return { 'X-Xet-Hash': hash, Link: `<${refreshUrl}>; rel="xet-auth", <${reconstructionUrl}>; rel="xet-reconstruction-info"` };
}

/** Whether the client asks for the links rather than the file. */
export function asksForLinks(c: RegistryRequest): boolean {
  return c.req.method === 'GET' && c.req.header('accept')?.includes(DESCRIPTION) === true;
}

/** The links as a document. */
export function linksAnswer(links: XetLinks, headers: Readonly<Record<string, string>>): Response {
  const { hash, refreshUrl, reconstructionUrl } = links;
  return new Response(JSON.stringify({ hash, refreshUrl, reconstructionUrl }), { headers: { ...headers, 'Content-Type': DESCRIPTION } });
}
