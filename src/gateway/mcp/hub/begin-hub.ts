import { CordonError } from '../../../core/errors.ts';
import { VERSION } from '../../../engine/build.ts';
import { admitCall, NO_TOKENS } from '../../exchange/admit-call.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { asCordonError } from '../../http/error-reply.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { paramsOf, type RpcMessage } from '../message.ts';
import { sessionName } from '../pass-on.ts';
import { metaOf, type MissingServer } from './fan-out.ts';
import { Hub, type HubPart } from './hub.ts';
import { HubAnswer } from './hub-answer.ts';
import { type HubCall, openPart, requireRunning, usableServers } from './open-part.ts';

/** Versions of the protocol whose streamable HTTP the gateway speaks; the newest is offered to whoever asks for another. */
const VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;

/** Begins a session of a client with all servers: each is opened, and one that cannot be is named. */
export async function beginHub(exchange: Exchange, message: Extract<RpcMessage, { kind: 'request' }>): Promise<void> {
  const { services, policy, call } = exchange;
  await admitCall(exchange, NO_TOKENS);
  const servers = usableServers(exchange);
  if (servers.length === 0) throw new CordonError('access.denied', 'The credential allows no MCP server.');
  const asked = paramsOf(message);
  const protocolVersion = VERSIONS.find((version) => version === asked.protocolVersion) ?? VERSIONS[0];
  const id = sessionName(exchange, '');
  const principal = call.caller.principal.id;
  const session = services.mcp.sessions.begin(principal, '', id, undefined, policy.config.mcp);
  const hub = new Hub({ ...asked, protocolVersion });
  session.hub = hub;
  exchange.session = id;
  const hubCall: HubCall = { exchange, session, hub };
  const answer = new HubAnswer(exchange, message.id);
  const missing: MissingServer[] = [];
  await Promise.all(
    servers.map(async (server) => {
      try {
        requireRunning(exchange, server);
        await openPart(hubCall, server);
      } catch (error) {
        missing.push({ server: server.config.id, error: asCordonError(error) });
      }
    }),
  );
  if (missing.length === servers.length) {
    services.mcp.sessions.forget(principal, '', id);
    // Why an error: whoever is told that there is nothing does not ask again.
    throw missing[0]!.error;
  }
  const parts = servers.flatMap(({ config }) => hub.parts.get(config.id) ?? []);
  const result = {
    protocolVersion,
    capabilities: capabilitiesOf(parts, missing.length > 0),
    serverInfo: { name: 'cordon', title: 'Cordon', version: VERSION },
    ...instructionsOf(parts, missing),
    ...metaOf(missing),
  };
  await answer.end(result, { 'mcp-session-id': id });
}

/** What the servers can do together. `isMore`: servers that are missing may bring everything. */
function capabilitiesOf(parts: readonly HubPart[], isMore: boolean): JsonObject {
  const some = (name: string): boolean => parts.some(({ capabilities }) => capabilities[name] !== undefined);
  const subscribes = parts.some(({ capabilities: { resources } }) => isObject(resources) && resources.subscribe === true);
  // Why always: the gateway itself tells when a server comes back.
  const listChanged = true;
  return {
    ...((some('tools') || isMore) && { tools: { listChanged } }),
    ...((some('prompts') || isMore) && { prompts: { listChanged } }),
    ...((some('resources') || isMore) && { resources: { listChanged, ...(subscribes && { subscribe: true }) } }),
    ...(some('completions') && { completions: {} }),
    ...(some('logging') && { logging: {} }),
  };
}

function instructionsOf(parts: readonly HubPart[], missing: readonly MissingServer[]): JsonObject {
  const told = parts.flatMap(({ server, instructions }) => (instructions === undefined ? [] : [`${server}: ${instructions}`]));
  if (missing.length > 0) told.push(`Not there at the moment: ${missing.map(({ server }) => server).join(', ')}.`);
  return told.length === 0 ? {} : { instructions: told.join('\n\n') };
}
