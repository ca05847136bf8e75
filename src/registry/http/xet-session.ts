import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Access } from './access.ts';
import type { RegistryRequest } from './env.ts';
import { publicUrl } from './public-url.ts';

/** What tickets for Xet are good for. */
export const XET_PURPOSE = 'xet';
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

/**
 * Opens a session of Xet for one repository. Why a day in the address: clients remember by address what they sent, and leave it
 * out the next time; what is older than xorbs are kept must not be remembered.
 */
export function openXetSession(c: RegistryRequest, context: RegistryContext, access: Access, repository: Repository): XetSession {
  const day = Math.floor(context.now() / DAY_MS);
  return {
    casUrl: `${publicUrl(c, context)}/xet/${repository.id}/${day}`,
    accessToken: access.ticket(c.var.principal, XET_PURPOSE, { repository: repository.id }, SECONDS),
    exp: Math.floor(context.now() / 1_000) + SECONDS,
  };
}
