import { CordonError } from '../../../core/errors.ts';
import type { McpServer } from '../../../engine/gateway/mcp/mcp-servers.ts';
import { subjectOf } from '../../../engine/gateway/defence/stop.ts';
import { isObject } from '../../json/parse-object.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { replyToServer } from '../ask-server.ts';
import { guardFor } from '../enter-mcp.ts';
import type { McpContext } from '../mcp-context.ts';
import { McpSession } from '../mcp-session.ts';
import { SESSION_ID } from '../open-session.ts';
import { askPart } from './ask-part.ts';
import type { Hub, HubPart } from './hub.ts';
import { outwardOf } from './outward.ts';

/** A request of a client to all servers. */
export interface HubCall {
  readonly exchange: Exchange;
  /** The session of the client with the gateway. */
  readonly session: McpSession;
  readonly hub: Hub;
}

/** Why: a server that is down must not be waited for with every list. */
const TRY_AGAIN_MS = 5_000;
const VERSION = /^\d{4}-\d{2}-\d{2}$/;
const INITIALIZED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}');

/** What judging messages of one of the servers needs. */
export function contextOf({ exchange, hub }: HubCall, server: McpServer, session: McpSession): McpContext {
  return { exchange, server, session, guard: guardFor(exchange, server), outward: outwardOf(hub, server.config.id) };
}

/** The servers that this caller may use, in the order of the configuration. */
export function usableServers({ services, call }: Exchange): readonly McpServer[] {
  return services.mcp.servers.all().filter(({ config }) => services.callers.may({ ...call, route: `/mcp/${config.id}`, model: '' }));
}

/** Throws `gateway.stopped` when an operator has stopped a server. */
export function requireRunning({ services, call, session }: Exchange, { config }: McpServer): void {
  if (services.switches.stopped(subjectOf({ ...call, route: `/mcp/${config.id}`, model: '' }, session)) !== undefined)
    throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
}

/** The session with one server, opened where it is not. `isUrgent`: also where that failed a moment ago. */
export async function openPart(call: HubCall, server: McpServer, isUrgent = false): Promise<HubPart> {
  const { hub, exchange } = call;
  const { id } = server.config;
  const known = hub.parts.get(id);
  if (known !== undefined) return known;
  const failed = hub.failed.get(id);
  if (!isUrgent && failed !== undefined && failed.until > exchange.services.now()) throw failed.error;
  const under = hub.opening.get(id);
  if (under !== undefined) return await under;
  const opening = begin(call, server).finally(() => hub.opening.delete(id));
  hub.opening.set(id, opening);
  try {
    const part = await opening;
    hub.parts.set(id, part);
    hub.failed.delete(id);
    return part;
  } catch (error) {
    hub.failed.set(id, { error, until: exchange.services.now() + TRY_AGAIN_MS });
    throw error;
  }
}

async function begin(call: HubCall, server: McpServer): Promise<HubPart> {
  const { exchange, session: whole, hub } = call;
  const now = exchange.services.now();
  const signal = AbortSignal.timeout(exchange.policy.config.mcp.waitMs);
  const context = contextOf(call, server, new McpSession(undefined, now, whole));
  const { result, headers } = await askPart(context, 'initialize', structuredClone(hub.params), { signal });
  const { protocolVersion: version, capabilities, instructions } = result;
  const given = headers['mcp-session-id'];
  if (typeof version !== 'string' || !VERSION.test(version) || !isObject(capabilities))
    throw new CordonError('upstream.failed', 'the server does not say what it can do');
  if (given !== undefined && (typeof given !== 'string' || !SESSION_ID.test(given)))
    throw new CordonError('upstream.failed', 'the server names its session in a way that cannot be passed on');
  const session = new McpSession(given, now, whole, version);
  // Why it goes on then: the server has it, or will not listen.
  await replyToServer({ ...context, session }, INITIALIZED, signal);
  return { server: server.config.id, session, capabilities, instructions: typeof instructions === 'string' ? instructions : undefined };
}
