import type { HeaderList } from './credentials/credential.ts';
import type { Outgoing } from './providers/provider.ts';
import type { Upstream } from './upstream.ts';
import { needsTranslation, type Target, type UpstreamProtocol, type UpstreamRequest } from './upstreams.ts';

/** Headers of requests in either protocol. */
const COMMON: readonly string[] = ['content-type', 'accept', 'idempotency-key', 'traceparent', 'tracestate'];
/** Headers that a provider of the protocol knows, and that are about a request as the client made it. */
const OF_PROTOCOL: Readonly<Record<UpstreamProtocol, readonly string[]>> = {
  openai: [...COMMON, 'openai-beta'],
  anthropic: [...COMMON, 'anthropic-version', 'anthropic-beta'],
};

/**
 * The headers of a request to an upstream, names and values one after the other. What is configured wins. Why a list, whoever filtered them
 * before: what is not known here may be a credential, a cookie or an address of the client.
 */
export function requestHeaders(
  upstream: Upstream,
  request: UpstreamRequest,
  target: Target,
  outgoing: Outgoing,
  credential: HeaderList,
): string[] {
  const headers = upstream.headers.concat(credential);
  if (outgoing.headers !== undefined) headers.push(...outgoing.headers);
  const { config, provider } = upstream;
  // Why fewer for the other protocol: the body was made here, and no wish of the client for its own is about it.
  for (const name of needsTranslation(request, target) ? COMMON : OF_PROTOCOL[target.protocol]) {
    const value = request.headers[name];
    if (value !== undefined && !Object.hasOwn(config.headers, name)) headers.push(name, value);
  }
  if (provider.sign !== undefined) headers.push(...provider.sign(request.method, outgoing));
  return headers;
}
