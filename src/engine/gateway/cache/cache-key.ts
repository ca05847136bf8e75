import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../core/canonical-json.ts';
import type { ModelCache } from '../../../core/gateway-model-config.ts';
import type { UpstreamProtocol } from '../upstreams/upstreams.ts';

/** Everything that an answer depends on, and who may see it. */
export interface CacheQuestion {
  readonly principal: string;
  readonly teams: readonly string[];
  readonly protocol: UpstreamProtocol;
  /** Below `/v1`. */
  readonly path: string;
  /** Name that the client asked for. */
  readonly model: string;
  /** The body as it is sent: after the guard has replaced what it replaces. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Headers as they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** Digest of the policy that the guard decides by. */
  readonly policyDigest: string;
  readonly stream: boolean;
  /** The client's `x-cordon-cache`: `use`, `refresh` (ask the model and keep the answer) or `off`. */
  readonly wish: string | undefined;
}

/** Where an answer is kept, for how long, and whether one that is there may be used. */
export interface CacheKey {
  readonly digest: string;
  readonly ttlSeconds: number;
  readonly mayRead: boolean;
}

/** Paths whose answers depend on nothing but the request. */
const PATHS: ReadonlySet<string> = new Set([
  '/chat/completions',
  '/completions',
  '/embeddings',
  '/messages',
  '/messages/count_tokens',
  '/responses',
]);
/** Members that tie a request to what the provider keeps. */
const STATEFUL = ['previous_response_id', 'conversation', 'background', 'container', 'thread'];
const PER_ATTEMPT = /^(?:accept|content-type|user-agent|idempotency-key|x-request-id|x-stainless-.*|traceparent|tracestate)$/;

/** The key of an answer; undefined where none may be kept. */
export function cacheKey(rules: ModelCache | undefined, question: CacheQuestion): CacheKey | undefined {
  if (rules === undefined || !mayKeep(rules, question)) return undefined;
  const { principal, teams, protocol, path, model, body, headers, policyDigest, stream, wish } = question;
  // Why all teams: who is in one team only must not see what another team of somebody else asked.
  const tenant = rules.scope === 'team' && teams.length > 0 ? { teams: teams.toSorted() } : { principal };
  const shaping = Object.fromEntries(Object.entries(headers).filter(([name]) => !PER_ATTEMPT.test(name)));
  const text = canonicalJson({ version: 1, tenant, protocol, path, model, stream, policyDigest, shaping, body });
  return { digest: createHash('sha256').update(text).digest('hex'), ttlSeconds: rules.ttlSeconds, mayRead: wish !== 'refresh' };
}

function mayKeep(rules: ModelCache, { path, body, stream, wish }: CacheQuestion): boolean {
  if (wish === 'off' || !PATHS.has(path)) return false;
  const isWanted =
    wish === 'use' || wish === 'refresh' || rules.when === 'always' || (rules.when === 'deterministic' && isDeterministic(path, body));
  if (!isWanted || STATEFUL.some((name) => body[name] !== undefined && body[name] !== null && body[name] !== false)) return false;
  // Why: without this the provider keeps the answer under an id, and a second answer would have the same.
  if (path === '/responses' && body.store !== false) return false;
  const hasTools = [body.tools, body.functions].some((tools) => Array.isArray(tools) && tools.length > 0);
  return !(stream && hasTools) || rules.streamedTools;
}

/** Whether the same request is meant to give the same answer. */
function isDeterministic(path: string, body: Readonly<Record<string, unknown>>): boolean {
  return path === '/embeddings' || path === '/messages/count_tokens' || body.temperature === 0;
}
