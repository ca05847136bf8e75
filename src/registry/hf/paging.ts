import type { RegistryContext } from '../../engine/registry/context.ts';
import type { RegistryRequest } from '../http/env.ts';
import { publicUrl } from '../http/public-url.ts';

/** Tells where the next page is: the same address with a cursor. */
export function linkNext(c: RegistryRequest, context: RegistryContext, cursor: string): void {
  const next = new URL(`${publicUrl(c, context)}${c.env.incoming.url ?? ''}`);
  next.searchParams.set('cursor', cursor);
  c.header('Link', `<${next.href}>; rel="next"`);
}
