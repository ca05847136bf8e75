import { canonicalJson } from '../../../core/canonical-json.ts';
import { CordonError } from '../../../core/errors.ts';
import { MemberList } from '../../../core/member-list.ts';
import type { UpstreamsConfig } from '../../../core/gateway-model-config.ts';
import { Deadlines } from './deadlines.ts';
import { Exchange, type ExchangeContext } from './exchange.ts';
import { compileRoutes, directRoute, type Route, targetFor } from './route.ts';
import { Upstream } from './upstream.ts';
import type { Sending, Sink, Target, UpstreamRequest, Upstreams, UpstreamsOptions } from './upstreams.ts';

/** Everything that a configuration makes. Why in one object: it is exchanged as a whole. */
interface Current {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** What each upstream was made of: one that did not change goes on, with its connections and what is known of it. */
  readonly made: ReadonlyMap<string, string>;
  readonly context: ExchangeContext;
}

/** Opens the way to all providers. Throws `config.invalid` for addresses that are not allowed. */
export function openUpstreams(options: UpstreamsOptions): Upstreams {
  const { secrets, log, now = Date.now, random = Math.random, drainMs = 10_000 } = options;
  const deadlines = new Deadlines();
  const underWay = new MemberList<Exchange>();
  const draining = new Set<Promise<void>>();
  /** Upstreams that are not configured any more, with the requests that may still need them. */
  const retired = new Map<Upstream, Set<Exchange>>();
  let isClosed = false;
  let current = make(options.config, undefined);

  function make(config: UpstreamsConfig, old: Current | undefined): Current {
    const upstreams = new Map<string, Upstream>();
    const made = new Map<string, string>();
    const { resilience: rules, models } = config;
    try {
      for (const one of config.upstreams) {
        const key = canonicalJson({ one, rules });
        const kept = old?.made.get(one.id) === key ? old.upstreams.get(one.id) : undefined;
        upstreams.set(one.id, kept ?? new Upstream({ config: one, rules, secrets, log, random, now }));
        made.set(one.id, key);
      }
    } catch (error) {
      for (const [id, upstream] of upstreams) if (old?.upstreams.get(id) !== upstream) drain(upstream);
      throw error;
    }
    const context: ExchangeContext = {
      deadlines,
      retryStatuses: new Set(rules.retryStatuses),
      now,
      rules,
      routes: compileRoutes(models, upstreams),
      random,
      done,
    };
    return { upstreams, made, context };
  }

  function done(exchange: Exchange): void {
    underWay.delete(exchange);
    if (retired.size === 0) return;
    for (const [upstream, needed] of retired) if (needed.delete(exchange) && needed.size === 0) drain(upstream);
  }

  /** Why not closed at once: a request that began before may have an attempt to go. */
  function retire(upstream: Upstream): void {
    if (underWay.size === 0) return drain(upstream);
    retired.set(upstream, new Set(underWay.all()));
  }

  function drain(upstream: Upstream): void {
    retired.delete(upstream);
    const drained = upstream.close().catch(() => undefined);
    draining.add(drained);
    void drained.then(() => draining.delete(drained));
  }

  function send(model: string, request: UpstreamRequest, sink: Sink): Sending {
    const route = isClosed ? undefined : current.context.routes.find(model);
    if (route === undefined) return refused(isClosed ? closing() : missing(model), sink);
    return begin(model, route, request, sink);
  }

  function sendTo(id: string, request: UpstreamRequest, sink: Sink): Sending {
    const upstream = isClosed ? undefined : current.upstreams.get(id);
    if (upstream === undefined) return refused(isClosed ? closing() : missing(id), sink);
    return begin('', directRoute(upstream), request, sink);
  }

  function begin(model: string, route: Route, request: UpstreamRequest, sink: Sink): Sending {
    const exchange = new Exchange(model, route, request, sink, current.context);
    underWay.add(exchange);
    exchange.start();
    return exchange;
  }

  return {
    send,
    sendTo,
    targetsOf(model) {
      const { routes } = current.context;
      if (routes.find(model) === undefined) return undefined;
      const targets: Target[] = [];
      const visited = new Set<string>();
      const names = [model];
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        const route = routes.find(name);
        if (route === undefined || visited.has(route.name)) continue;
        visited.add(route.name);
        for (const to of route.targets) targets.push(targetFor(to, name));
        names.push(...route.fallback);
      }
      return targets;
    },
    routeOf: (model) => current.context.routes.find(model)?.config,
    models: () => current.context.routes.names,
    openUpstreams: () => current.context.routes.open,
    health: () => [...current.upstreams.values()].map((upstream) => upstream.health(performance.now())),
    reconfigure(config) {
      const old = current;
      current = make(config, old);
      for (const [id, upstream] of old.upstreams) if (current.upstreams.get(id) !== upstream) retire(upstream);
    },
    async close() {
      isClosed = true;
      const all = [...current.upstreams.values(), ...retired.keys()];
      for (const upstream of all) drain(upstream);
      const waited = new AbortController();
      const timeout = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, drainMs);
        waited.signal.addEventListener('abort', () => clearTimeout(timer));
      });
      await Promise.race([Promise.all(draining), timeout]);
      waited.abort();
      for (const exchange of underWay.all()) exchange.abort();
      deadlines.close();
      await Promise.all(all.map((upstream) => upstream.destroy()));
    },
  };
}

function closing(): CordonError {
  return new CordonError('gateway.unavailable', 'the gateway is being shut down');
}

function missing(name: string): CordonError {
  return new CordonError('model.missing', `there is no model ${JSON.stringify(name.slice(0, 200))} here`);
}

/** A request that goes nowhere. */
function refused(error: CordonError, sink: Sink): Sending {
  let isAborted = false;
  queueMicrotask(() => {
    if (!isAborted) sink.error(error, false);
  });
  return { attempts: 0, resume: () => {}, abort: () => void (isAborted = true) };
}
