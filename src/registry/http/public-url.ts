import type { RegistryContext } from '../../engine/registry/context.ts';

/**
 * How a client reaches this server, without a slash at the end. Why not `X-Forwarded-Host`: anybody can send it; behind a proxy
 * the configuration says `server.publicUrl`.
 */
export function publicUrl(c: { readonly req: { readonly url: string } }, context: RegistryContext): string {
  return (context.config.server.publicUrl ?? new URL(c.req.url).origin).replace(/\/+$/, '');
}
