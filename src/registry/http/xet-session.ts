import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Access } from './access.ts';
import type { RegistryRequest } from './env.ts';
import { publicUrl } from './public-url.ts';

/** What tickets for Xet are good for: uploads, the question how files are put together, and the bytes that the answer names. */
export const XET_PURPOSE = { write: 'xet', read: 'xet-read', bytes: 'xet-bytes' } as const;
/**
 * Seconds; clients ask for a new one before it ends. Why less for downloads: a recall counts at once, but clients show the reason
 * only when they ask for a token.
 */
const SECONDS = { write: 60 * 60, read: 10 * 60 } as const;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What a client needs to talk to the content server. */
export interface XetSession {
  readonly casUrl: string;
  readonly accessToken: string;
  /** Unix seconds. */
  readonly exp: number;
}

/** Opens uploads by Xet to one repository, or downloads of one of its revisions. Callers authorize. */
export function openXetSession(
  c: RegistryRequest,
  context: RegistryContext,
  access: Access,
  repository: Repository,
  revision?: string,
): XetSession {
  const kind = revision === undefined ? 'write' : 'read';
  const claims = { repository: repository.id, ...(revision !== undefined && { revision }) };
  return {
    casUrl: xetUrl(c, context, repository),
    accessToken: access.ticket(c.var.principal, XET_PURPOSE[kind], claims, SECONDS[kind]),
    exp: Math.floor(context.now() / 1_000) + SECONDS[kind],
  };
}

/**
 * Where the content of a repository is. Why a day in the address: clients remember by address what they sent, and leave it out
 * the next time; what is older than xorbs are kept must not be remembered.
 */
export function xetUrl(c: RegistryRequest, context: RegistryContext, repository: Repository): string {
  return `${publicUrl(c, context)}/xet/${repository.id}/${Math.floor(context.now() / DAY_MS)}`;
}

/** Answers with a session in the headers, where Python reads it, and in the body, where JavaScript does. */
export function xetSessionAnswer(c: RegistryRequest, session: XetSession): Response {
  c.header('X-Xet-Cas-Url', session.casUrl);
  c.header('X-Xet-Access-Token', session.accessToken);
  c.header('X-Xet-Token-Expiration', String(session.exp));
  return c.json(session);
}
