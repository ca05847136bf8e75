import * as z from 'zod';
import { ACTIONS, type Action } from '../../core/access-config.ts';
import { CordonError } from '../../core/errors.ts';
import { KeyLimits } from '../../core/gateway-limits-config.ts';
import { IpRange } from '../../core/ip-range.ts';
import { contains, networkText, parseNetwork } from '../addresses/ip-set.ts';
import { GLOB, globSet, intersectGlobs } from './globs.ts';
import { intersectLimits } from './key-limits.ts';
import { namespaceOf, type ObjectName } from './objects.ts';

const Name = z.string().min(1).max(200);
const Globs = z.array(z.string().regex(GLOB, 'use a name, with * for any characters')).max(1000);

/**
 * What narrows a token: what is listed is allowed, what is left out is not narrowed, an empty list allows nothing. Why strict:
 * a scope that this version does not know would otherwise be ignored, and the token be wider than its owner believes.
 */
export const Scopes = z.strictObject({
  actions: z.array(z.enum(ACTIONS)).optional(),
  namespaces: z
    .array(Name.regex(/^[^/:*]+$/))
    .max(1000)
    .optional(),
  /** `namespace/name`. */
  repositories: z
    .array(Name.regex(/^[^/:*]+\/[^/:*]+$/))
    .max(1000)
    .optional(),
  models: Globs.optional().describe('models of the gateway; * stands for any characters'),
  routes: Globs.optional().describe('routes of the gateway, such as /v1/chat/completions or /v1/*'),
  tools: Globs.optional().describe('tools that may be called through the gateway'),
  ips: z.array(IpRange).max(1000).optional().describe('addresses and ranges that it may be used from'),
  /** Why only administrators set it: another profile could be a weaker one. */
  profile: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .optional()
    .describe('profile of the guard that counts for its calls'),
  limits: KeyLimits.optional(),
  /** A right, not a narrowing: left out means no. */
  seesOriginals: z.boolean().optional().describe('may have redaction reversed; only administrators give it'),
});
export type Scopes = z.infer<typeof Scopes>;

/** Reads scopes that were stored or asked for. Anything unknown is refused. */
export function parseScopes(value: unknown): Scopes {
  const parsed = Scopes.safeParse(value);
  if (!parsed.success) throw new CordonError('request.invalid', `scopes: ${z.prettifyError(parsed.error)}`);
  const { ips, ...rest } = parsed.data;
  // Why read now: an address that is none must not be found out when somebody comes from it.
  return ips === undefined ? rest : { ...rest, ips: ips.map((range) => networkText(parseNetwork(range))) };
}

/** Is it a key for calls of the gateway? Such a key makes no other keys, and reaches nothing else when it names what it reaches. */
export function isForGateway({ models, routes, tools, profile, limits, seesOriginals }: Scopes): boolean {
  return [models, routes, tools, profile, limits, seesOriginals].some((scope) => scope !== undefined);
}

/** Scopes compiled to a question that is asked on every request. */
export function compileScopes(scopes: Scopes): (action: Action, object: ObjectName) => boolean {
  const actions = scopes.actions && new Set(scopes.actions);
  const namespaces = scopes.namespaces && new Set(scopes.namespaces);
  const repositories = scopes.repositories && new Set(scopes.repositories);
  const named = {
    model: scopes.models && globSet(scopes.models),
    route: scopes.routes && globSet(scopes.routes),
    tool: scopes.tools && globSet(scopes.tools),
  };
  const isNamed = Object.values(named).some((set) => set !== undefined);
  return (action, object) => {
    if (actions?.has(action) === false) return false;
    if (namespaces !== undefined && !namespaces.has(namespaceOf(object) ?? '')) return false;
    if (repositories !== undefined && !repositories.has(object)) return false;
    if (!isNamed) return true;
    const colon = object.indexOf(':');
    const kind = object.slice(0, Math.max(colon, 0));
    // Why nothing else: who lists models means them, and not the registry too.
    if (kind !== 'model' && kind !== 'route' && kind !== 'tool') return false;
    return named[kind]?.(object.slice(colon + 1)) ?? true;
  };
}

/** Scopes that allow only what both allow: what a token (`second`) may hand on to a token that it makes. */
export function intersectScopes(first: Scopes, second: Scopes): Scopes {
  const scopes: Scopes = {};
  for (const key of ['actions', 'namespaces', 'repositories'] as const) {
    const items = both<string>(first[key], second[key], (one, other) => one.filter((item) => other.includes(item)));
    if (items !== undefined) scopes[key] = items as never;
  }
  for (const key of ['models', 'routes', 'tools'] as const) {
    const globs = both(first[key], second[key], intersectGlobs);
    if (globs !== undefined) scopes[key] = globs;
  }
  const ips = both(first.ips, second.ips, intersectRanges);
  if (ips !== undefined) scopes.ips = ips;
  const profile = second.profile ?? first.profile;
  if (profile !== undefined) scopes.profile = profile;
  const limits = intersectLimits(first.limits, second.limits);
  if (limits !== undefined) scopes.limits = limits;
  if (first.seesOriginals === true && second.seesOriginals === true) scopes.seesOriginals = true;
  return scopes;
}

function intersectRanges(first: string[], second: string[]): string[] {
  const [ones, others] = [first.map(parseNetwork), second.map(parseNetwork)];
  const inner = ones.filter((one) => others.some((other) => contains(other, one)));
  for (const other of others) if (ones.some((one) => contains(one, other))) inner.push(other);
  return [...new Set(inner.map(networkText))];
}

function both<T>(first: T[] | undefined, second: T[] | undefined, join: (first: T[], second: T[]) => T[]): T[] | undefined {
  return first === undefined || second === undefined ? (first ?? second) : join(first, second);
}
