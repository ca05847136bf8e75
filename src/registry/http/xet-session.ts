import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Access } from './access.ts';
import type { RegistryRequest } from './env.ts';
import { publicUrl } from './public-url.ts';

/** What tickets for Xet are good for: uploads, the question how files are put together, and the bytes that the answer names. */
export const XET_PURPOSE = { write: 'xet', read: 'xet-read', bytes: 'xet-bytes' } as const;
/** Seconds; clients ask for a new one before it ends. */
const SECONDS = 60 * 60;
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
  const purpose = revision === undefined ? XET_PURPOSE.write : XET_PURPOSE.read;
  const claims = { repository: repository.id, ...(revision !== undefined && { revision }) };
  return {
    casUrl: xetUrl(c, context, repository),
    accessToken: access.ticket(c.var.principal, purpose, claims, SECONDS),
    exp: Math.floor(context.now() / 1_000) + SECONDS,
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
