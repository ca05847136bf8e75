import { join } from 'node:path';
import type { Config } from '../../core/config.ts';
import type { LimitsRedis } from '../../core/gateway-limits-config.ts';
import type { Logger } from '../../core/logger.ts';
import type { DrainPassword } from '../../engine/gateway/audit/drain-thread.ts';
import { openAudit } from '../../engine/gateway/audit/open-audit.ts';
import { openBatches } from '../../engine/gateway/batches/open-batches.ts';
import { openResponseCache } from '../../engine/gateway/cache/response-cache.ts';
import type { ChangeWatch } from '../../engine/gateway/changes/watch-changes.ts';
import type { RedisCounts } from '../../engine/gateway/defence/redis-counts.ts';
import { openDefence } from '../../engine/gateway/defence/defence.ts';
import type { Stop } from '../../engine/gateway/defence/stop.ts';
import { openSwitches, type Switches } from '../../engine/gateway/defence/switches.ts';
import { openCallers } from '../../engine/gateway/keys/callers.ts';
import { openMcpPins } from '../../engine/gateway/mcp/mcp-pins.ts';
import { openMcpServers } from '../../engine/gateway/mcp/mcp-servers.ts';
import { openLimits } from '../../engine/gateway/limits/open-limits.ts';
import { openPrices } from '../../engine/gateway/prices/open-prices.ts';
import { openTelemetry } from '../../engine/gateway/telemetry/telemetry.ts';
import { openObjects } from '../../engine/gateway/objects/open-objects.ts';
import { openUnauthenticated } from '../../engine/gateway/unauthenticated/unauthenticated.ts';
import { openUpstreams } from '../../engine/gateway/upstreams/open-upstreams.ts';
import type { Announcer } from '../../engine/registry/announce.ts';
import { FailureLog } from '../../gateway/guarding/failure-log.ts';
import { Gateway } from '../../gateway/gateway.ts';
import { Guards } from '../../gateway/guarding/guards.ts';
import { Sessions } from '../../gateway/exchange/sessions.ts';
import { ONE_PROCESS, type Owners } from '../../gateway/exchange/owners.ts';
import { McpSessions } from '../../gateway/mcp/mcp-session.ts';
import { followBatches } from '../../gateway/stored/follow-batches.ts';
import { OfferedModels } from '../../gateway/stored/offered-models.ts';
import { ToolSessions } from '../../gateway/stored/tool-sessions.ts';
import { SharedRoom } from '../../gateway/http/shared-room.ts';
import { Spools } from '../../gateway/spool/spools.ts';
import { freeJournal } from './journal-folder.ts';
import { recordReconfigured } from './record-reconfigured.ts';
import type { GatewayPolicy, GatewayServices } from '../../gateway/services.ts';
import type { Identity } from '../../identity/identity.ts';
import { digestOf } from '../../policy/digest-of.ts';
import type { Store } from '../../store/open-store.ts';
import { sharedBy, sharedToolSessions } from '../workers/shared-state.ts';
import type { WorkerLink } from '../workers/worker-link.ts';
import type { Secrets } from '../../vault/secrets/open-secrets.ts';

/** What the gateway of a server is made from. */
export interface GatewayOptions {
  readonly config: Config;
  readonly configFolder: string;
  /** Data folder of the server. */
  readonly data: string;
  readonly store: Store;
  readonly identity: Identity;
  readonly watch: ChangeWatch;
  readonly announcer: Announcer;
  readonly secrets: Secrets;
  readonly log: Logger;
  /** Where this is one of several processes of a server. */
  readonly link?: WorkerLink | undefined;
  readonly owners?: Owners | undefined;
}

/** A gateway with everything that it needs. */
export interface OpenGateway {
  readonly gateway: Gateway;
  readonly services: GatewayServices;
  readonly switches: Switches;
  /**
   * Takes another configuration over, as a whole or not at all: throws `config.invalid` and keeps the one before. Returns whether it
   * differs; the ledger names the digests of both.
   */
  reconfigure(config: Config): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the gateway. Throws `config.invalid` for what cannot be used, before anything listens. */
export async function openGateway(options: GatewayOptions): Promise<OpenGateway> {
  const { config, configFolder, data, store, identity, watch, announcer, secrets, log } = options;
  const { link, owners = ONE_PROCESS } = options;
  const { number, count: workers } = link?.place ?? { number: 0, count: 1 };
  const section = config.gateway;
  const now = Date.now;
  let policy = policyOf(config, configFolder);
  let current = digestOfPolicy(config);
  const switches = await openSwitches({ store, watch, announcer, log });
  const { sharing } = section.limits;
  const counts = sharing.store === 'redis' && sharing.redis !== undefined ? await redisCounts(sharing.redis, secrets) : undefined;
  const defence = openDefence({ config: section.defence, switches, store, announcer, log, shared: sharedBy(counts, link) });
  link?.onAsked('stop', (stop) => (switches.engage(stop as Stop), true));
  const limits = await openLimits({ config: section.limits, store, secrets, log, workers });
  const unauthenticated = openUnauthenticated({ config: section.unauthenticated, store, log });
  const upstreams = openUpstreams({ config: section, secrets, log });
  const offered = new OfferedModels({ upstreams, log, now });
  const cache = openResponseCache(section.cache);
  const folder = join(data, 'gateway-journal');
  const database = config.server.database ?? join(data, 'cordon.db');
  const audit = await openAudit({
    config: section.audit,
    store,
    folder,
    secrets,
    log,
    worker: freeJournal(folder),
    workers,
    database,
    databasePassword: passwordOf(config, configFolder),
  });
  const telemetry = openTelemetry({
    config: section.telemetry,
    secrets,
    log,
    kindOf: (id) => upstreams.health().find((one) => one.id === id)?.kind,
    sources: { upstreams: () => upstreams.health(), audit: () => audit.state(), sharing: () => limits.sharing() },
  });
  const objects = openObjects({ store, log });
  const spools = new Spools(join(data, 'gateway-spool'), section.maxSpoolBytes);
  await spools.clean();
  const bodies = new SharedRoom(roomForBodies(section));
  const callers = openCallers({ identity, watch });
  const servers = openMcpServers(section.mcp.servers, secrets);
  const pins = await openMcpPins({ store, watch });
  const toolSessions = new ToolSessions(link && sharedToolSessions(link));
  link?.onAsked('tool-session', (id) => toolSessions.known(String(id)));
  const services: GatewayServices = {
    policy: () => policy,
    callers,
    switches,
    defence,
    limits,
    unauthenticated,
    upstreams,
    offered,
    cache,
    audit,
    telemetry,
    sessions: new Sessions(now),
    owners,
    toolSessions,
    objects,
    spools,
    bodies,
    batches: openBatches({ store }),
    mcp: {
      servers,
      pins,
      sessions: new McpSessions(now),
      issuers: () => [...identity.rules.issuers.keys()],
      publicUrl: () => config.server.publicUrl,
    },
    failures: new FailureLog(log, now),
    log,
    now,
  };
  const gateway = new Gateway(services);
  const stopFollowing = number === 0 ? followBatches(services) : undefined;
  link?.onAsked('metrics', () => telemetry.metrics());
  let turns: Promise<void> = Promise.resolve();
  let inForce = config;

  /** What reaches out or is compiled; throws where a part cannot be used. */
  async function reach(next: Config): Promise<void> {
    upstreams.reconfigure(next.gateway);
    servers.reconfigure(next.gateway.mcp.servers);
    await audit.reconfigure(next.gateway.audit);
    await telemetry.reconfigure(next.gateway.telemetry);
    limits.reconfigure(next.gateway.limits);
    defence.reconfigure(next.gateway.defence);
  }

  /** The rest, which cannot fail, in one go: no request meets the models of one configuration and the rights of another. */
  function enter(next: Config, made: GatewayPolicy, permit: () => void): void {
    unauthenticated.reconfigure(next.gateway.unauthenticated);
    cache.reconfigure(next.gateway.cache);
    offered.forget();
    spools.reconfigure(next.gateway.maxSpoolBytes);
    bodies.resize(roomForBodies(next.gateway));
    permit();
    policy = made;
  }

  async function takeOver(next: Config): Promise<boolean> {
    const digest = digestOfPolicy(next);
    if (digest === current) return false;
    const permit = identity.prepare(next);
    const made = policyOf(next, configFolder);
    const before = current;
    try {
      await reach(next);
      // Why one of them: all processes of a server read the same file.
      if (number === 0) await recordReconfigured({ store, at: now(), from: before, to: digest }, inForce, next);
    } catch (error) {
      // Why: some parts have taken it over, and what is in force must be one configuration.
      await reach(inForce);
      throw error;
    }
    // Why after the ledger: nobody may do anything by rights that are not in it.
    enter(next, made, permit);
    current = digest;
    inForce = next;
    return true;
  }

  return {
    gateway,
    services,
    switches,
    reconfigure(wanted) {
      // Why one after the other: two that mix would leave half of each.
      const turn = turns.then(() => takeOver(wanted));
      turns = turn.then(
        () => undefined,
        () => undefined,
      );
      return turn;
    },
    async close() {
      gateway.close();
      const following = stopFollowing?.();
      await servers.close();
      await upstreams.close();
      await following;
      await objects.close();
      await limits.close();
      await unauthenticated.close();
      await defence.close();
      counts?.close();
      await audit.close();
      await telemetry.close();
      await switches.close();
    },
  };
}

/** Digest of everything that can change while the gateway runs. */
function digestOfPolicy({ gateway, guard, toolPolicy, access, server }: Config): string {
  return digestOf({ gateway, guard, toolPolicy, access, trustedProxies: server.trustedProxies } as never);
}

/** Why only then: few have a Redis, and its client would be loaded by all. */
async function redisCounts(config: LimitsRedis, secrets: Secrets): Promise<RedisCounts> {
  const { openRedisCounts } = await import('../../engine/gateway/defence/redis-counts.ts');
  return openRedisCounts(config, secrets);
}

function passwordOf({ server, secrets }: Config, folder: string): DrainPassword | undefined {
  const reference = server.databasePassword;
  return reference === undefined ? undefined : { reference, config: secrets, folder };
}

function policyOf(config: Config, folder: string): GatewayPolicy {
  return {
    config: config.gateway,
    guards: new Guards(config.gateway, config.guard, { folder }),
    toolPolicy: config.toolPolicy,
    prices: openPrices(config.gateway.prices),
  };
}

/** Why at least four: a principal has half of it, and the longest request must come through while another one comes. */
function roomForBodies({ maxWaitingBytes, maxBodyBytes }: Config['gateway']): number {
  return Math.max(maxWaitingBytes, 4 * maxBodyBytes);
}
