import { CordonError } from '../../core/errors.ts';
import { peerOf } from '../../identity/certificates/vouched-name.ts';
import type { Exchange } from '../exchange/exchange.ts';

/** RFC 9728: where clients learn which identity providers are accepted. */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
const RESOURCE = /^\/mcp(?:\/[a-z][a-z0-9-]{0,63})?$/;

/** Address of the metadata of the resource that was asked for; undefined: no identity provider is configured. */
export function metadataUrl(exchange: Exchange): string | undefined {
  const origin = ownOrigin(exchange);
  if (exchange.services.mcp.issuers().length === 0 || origin === undefined) return undefined;
  return `${origin}${METADATA_PATH}${RESOURCE.test(exchange.route.pattern) ? exchange.route.pattern : ''}`;
}

/** Answers with the metadata: nothing of it is secret, and it is the same for everybody. */
export function answerMetadata(exchange: Exchange, path: string): void {
  const { response, services } = exchange;
  const resource = path.slice(METADATA_PATH.length);
  const origin = ownOrigin(exchange);
  const issuers = services.mcp.issuers();
  if (issuers.length === 0 || origin === undefined || (resource !== '' && !RESOURCE.test(resource)))
    throw new CordonError('file.missing', 'There is nothing at this address.');
  const body = Buffer.from(
    JSON.stringify({ resource: `${origin}${resource}`, authorization_servers: issuers, bearer_methods_supported: ['header'] }),
  );
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, 'cache-control': 'no-store' }).end(body);
}

/** The configured address, else the one that this client used. Why that is enough: only this client is told. */
function ownOrigin({ request, services }: Exchange): string | undefined {
  const configured = services.mcp.publicUrl();
  if (configured !== undefined) return new URL(configured).origin;
  const { host } = request.headers;
  if (host === undefined || !HOST.test(host)) return undefined;
  return `${peerOf(request).isEncrypted === true ? 'https' : 'http'}://${host}`;
}
