import type { SharedDefence } from '../../engine/gateway/defence/defence.ts';
import type { MetricData } from '../../engine/gateway/telemetry/metrics.ts';
import type { Identity } from '../../identity/identity.ts';
import type { WorkerLink } from './worker-link.ts';

/** How long an answer to whoever was detected waits at most, twice. */
const DEFENCE_MS = 250;
const SESSION_MS = 1_000;
const METRICS_MS = 1_000;
const PASSWORD_MS = 250;

/** The automatic defence of several workers that count as one. */
export function sharedDefence(link: WorkerLink): SharedDefence {
  return {
    processes: link.place.count,
    count: (kind, ask) => link.count({ kind, ...ask }, DEFENCE_MS),
    engage: async (stop) => void (await link.ask('stop', stop, DEFENCE_MS)),
  };
}

/**
 * The automatic defence of all servers that share a Redis, each with its workers. Where Redis does not answer, a server counts by itself.
 * Stops reach other servers by the database.
 */
export function sharedBy(counts: Pick<SharedDefence, 'count'> | undefined, link: WorkerLink | undefined): SharedDefence | undefined {
  const workers = link && sharedDefence(link);
  if (counts === undefined) return workers;
  return {
    processes: workers?.processes ?? 1,
    count: async (kind, ask) => (await counts.count(kind, ask)) ?? workers?.count(kind, ask),
    engage: async (stop) => workers?.engage(stop),
  };
}

/** What another worker knows of a conversation that a provider keeps. */
export function sharedToolSessions(link: WorkerLink): (id: string) => Promise<string | undefined> {
  return async (id) => (await link.ask('tool-session', id, SESSION_MS)).find((known): known is string => typeof known === 'string');
}

/** Metrics of the other workers; of those that do not answer, none. */
export async function otherMetrics(link: WorkerLink): Promise<readonly (readonly MetricData[])[]> {
  return (await link.ask('metrics', null, METRICS_MS)) as (readonly MetricData[])[];
}

/** Has wrong passwords count in every worker. Why: otherwise each of them would let somebody guess as often as all together may. */
export function sharePasswordFailures({ throttle, now }: Identity, link: WorkerLink): void {
  throttle.tellOthers = async (name, isGood) => void (await link.ask('password', { name, isGood }, PASSWORD_MS));
  link.onAsked('password', (body) => {
    const { name, isGood } = body as { readonly name: string; readonly isGood: boolean };
    if (isGood) throttle.succeeded(name);
    else throttle.failed(name, now());
    return true;
  });
}
