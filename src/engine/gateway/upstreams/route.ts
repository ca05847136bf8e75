import type { GatewayModel } from '../../../core/gateway-model-config.ts';
import type { GatewayUpstream } from '../../../core/gateway-upstream-config.ts';
import type { Health } from './health.ts';
import type { Upstream } from './upstream.ts';
import type { Target, UpstreamProtocol } from './upstreams.ts';

/** A target of a route, with everything that is known of it. */
export interface RouteTarget {
  readonly upstream: Upstream;
  readonly health: Health;
  readonly weight: number;
  /** Undefined where the name that the client asked for is used. */
  readonly target: Target | undefined;
  /** Undefined where the name tells. */
  readonly protocol?: UpstreamProtocol | undefined;
}

/** Where requests for a model go, as compiled from the configuration. */
export interface Route {
  readonly name: string;
  readonly config: GatewayModel;
  readonly targets: readonly RouteTarget[];
  readonly fallback: readonly string[];
}

/** All routes. The name as it is written wins, then the pattern that says most. */
export interface Routes {
  find(model: string): Route | undefined;
  readonly names: readonly string[];
  /** Upstreams of patterns that are asked for the name that the client wrote. */
  readonly open: readonly string[];
}

/** The target for a name that the client asked for. */
export function targetFor({ upstream, target, protocol }: RouteTarget, model: string): Target {
  return target ?? makeTarget(upstream, model, protocol);
}

/** Compiles models. Without any, a single upstream serves every name. */
export function compileRoutes(models: Readonly<Record<string, GatewayModel>>, upstreams: ReadonlyMap<string, Upstream>): Routes {
  const exact = new Map<string, Route>();
  const patterns: { readonly pattern: readonly string[]; readonly route: Route }[] = [];
  for (const [name, config] of Object.entries(withDefault(models, upstreams))) {
    const targets = config.targets.flatMap(({ upstream: id, model, protocol, weight }) => {
      const upstream = upstreams.get(id);
      if (upstream === undefined) return [];
      const target = model === undefined ? undefined : makeTarget(upstream, model, protocol);
      return [{ upstream, weight, health: upstream.healthOf(model), protocol, target }];
    });
    const route = { name, config, targets, fallback: config.fallback };
    if (name.includes('*')) patterns.push({ pattern: name.split('*'), route });
    else exact.set(name, route);
  }
  const literals = (pattern: readonly string[]): number => pattern.join('').length;
  patterns.sort((a, b) => literals(b.pattern) - literals(a.pattern));
  return {
    find: (model) => exact.get(model) ?? patterns.find(({ pattern }) => matches(pattern, model))?.route,
    names: [...exact.keys()],
    open: [
      ...new Set(
        patterns.flatMap(({ route }) => route.targets.filter(({ target }) => target === undefined).map(({ upstream }) => upstream.id)),
      ),
    ],
  };
}

/** The way to one upstream, whatever the model. */
export function directRoute(upstream: Upstream): Route {
  const config: GatewayModel = { targets: [], strategy: 'first', fallback: [], retries: 2 };
  return { name: '', config, targets: [{ upstream, weight: 1, health: upstream.healthOf(undefined), target: undefined }], fallback: [] };
}

function withDefault(
  models: Readonly<Record<string, GatewayModel>>,
  upstreams: ReadonlyMap<string, Upstream>,
): Readonly<Record<string, GatewayModel>> {
  const [only] = upstreams.values();
  if (Object.keys(models).length > 0 || upstreams.size !== 1 || only === undefined) return models;
  return { '*': { targets: [{ upstream: only.id, weight: 1 }], strategy: 'first', fallback: [], retries: 2 } };
}

function makeTarget(upstream: Upstream, model: string, protocol: UpstreamProtocol | undefined): Target {
  const { provider, config, id } = upstream;
  const spoken = protocol ?? provider.protocolOf(model);
  const lacks = spoken === 'openai' && !hasResponses(config);
  return {
    upstream: id,
    kind: config.kind,
    model: provider.modelName?.(model) ?? model,
    protocol: spoken,
    ...(lacks && { lacksResponses: true }),
  };
}

/** Bedrock and Vertex AI offer models of others by chat completions only. */
function hasResponses(config: GatewayUpstream): boolean {
  return config.kind !== 'bedrock' && config.kind !== 'vertex' && (!('responses' in config) || config.responses);
}

/** Whether a name fits the parts between stars. Why not a regular expression: nothing here can be made slow by a name. */
function matches(parts: readonly string[], name: string): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
