import { CordonError } from '../../core/errors.ts';
import type { McpServer } from '../../engine/gateway/mcp/mcp-servers.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import { matchesGlob } from '../../policy/glob.ts';
import { isToolName } from '../../policy/tools/tool-call.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { type Guarded, guardPlaces } from '../guarding/guard-places.ts';
import { objection, refuses } from '../guarding/refusal.ts';
import type { Places } from '../places/places.ts';
import type { McpSession } from './mcp-session.ts';
import type { RpcMessage } from './message.ts';

/** How clients of all servers together know what one of them says. */
export interface Outward {
  /** Changes a message of the server that was decided about. False: it is not for this client. */
  write(message: RpcMessage): boolean;
  /** Id of an event; undefined: it has none. */
  eventId(id: string): string | undefined;
  /** The server has forgotten the session. */
  lost(): void;
}

/** What judging the messages of one exchange needs. */
export interface McpContext {
  readonly exchange: Exchange;
  readonly server: McpServer;
  readonly session: McpSession;
  readonly guard: Guard;
  /** Undefined: the client speaks with this server alone. */
  readonly outward?: Outward | undefined;
}

/** Decides about texts on their way to the server or to the client. */
export async function judgeTexts(context: McpContext, places: Places, direction: 'request' | 'response'): Promise<Guarded> {
  const { exchange, guard, session } = context;
  if (places.unread > 0 && exchange.policy.config.guard.unreadable === 'refuse')
    return { decision: objection('unreadable', 'Images, audio and files are refused by policy.', guard.policyDigest), changed: false };
  const isEntitled = direction === 'response' && exchange.services.callers.seesOriginals(exchange.call.caller);
  return guardPlaces(guard, places, { pseudonyms: session.pseudonyms }, isEntitled ? session.pseudonyms : undefined);
}

/** A tool by the name that permissions, switches, policies and records use. */
export function toolName(server: McpServer, tool: string): string {
  return `${server.config.id}/${tool}`;
}

/** Whether the configuration offers a tool at all. */
export function isOffered({ config: { tools } }: McpServer, tool: string): boolean {
  const isNamed = (globs: readonly string[]): boolean => globs.some((glob) => matchesGlob(tool, glob));
  return isToolName(tool) && isNamed(tools.allow) && !isNamed(tools.deny);
}

/** Whether an operator has stopped a tool, under either of its names. */
export function isStopped({ exchange, server }: Pick<McpContext, 'exchange' | 'server'>, tool: string): boolean {
  const { switches } = exchange.services;
  return switches.stopped({ tool: toolName(server, tool) }) !== undefined || switches.stopped({ tool }) !== undefined;
}

/** Throws `access.denied` or `gateway.stopped` unless this caller may use this tool now. */
export function requireTool(context: McpContext, tool: string): void {
  const { exchange, server } = context;
  if (!isOffered(server, tool)) throw new CordonError('access.denied', 'There is no such tool, or it is not offered here.');
  if (!exchange.services.callers.mayUseTool(exchange.call.caller, toolName(server, tool)))
    throw new CordonError('access.denied', 'The credential does not allow the tool.');
  if (isStopped(context, tool)) throw new CordonError('gateway.stopped', 'The tool was stopped by an operator.');
}

/** Of two decisions the one to write down. */
export function graver(one: GuardDecision | undefined, other: GuardDecision): GuardDecision {
  if (one === undefined || (refuses(other) && !refuses(one))) return other;
  return one.effect === 'allow' ? other : one;
}
