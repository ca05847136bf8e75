import type { HeaderList } from './credentials/credential.ts';
import type { Outgoing } from './providers/provider.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamRequest } from './upstreams.ts';

/** Headers of a client that never leave, whoever forgot to filter them: credentials, and what describes its own connection. */
const OWN: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'accept-encoding',
  'user-agent',
  'forwarded',
  'via',
]);
const OWN_PREFIX = /^(?:proxy-|x-forwarded-|x-amz-|x-cordon-|sec-)/;

/** What was decided of names that were seen. Why: clients send the same few with every request. */
const decided = new Map<string, boolean>();
/** Why: names come from clients. */
const MOST_NAMES = 500;

function isPassed(name: string): boolean {
  const known = decided.get(name);
  if (known !== undefined) return known;
  const passes = !OWN.has(name) && !OWN_PREFIX.test(name);
  if (decided.size < MOST_NAMES) decided.set(name, passes);
  return passes;
}

/** The headers of a request to an upstream, names and values one after the other. What is configured wins. */
export function requestHeaders(upstream: Upstream, request: UpstreamRequest, outgoing: Outgoing, credential: HeaderList): string[] {
  const headers = upstream.headers.concat(credential);
  if (outgoing.headers !== undefined) headers.push(...outgoing.headers);
  const { config, provider } = upstream;
  for (const name in request.headers) {
    if (isPassed(name) && !Object.hasOwn(config.headers, name)) headers.push(name, request.headers[name]!);
  }
  if (provider.sign !== undefined) headers.push(...provider.sign(request.method, outgoing));
  return headers;
}
