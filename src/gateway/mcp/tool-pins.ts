import type { GuardDecision } from '../../engine/guard/decision.ts';
import { describedTools } from '../../engine/gateway/mcp/described-tools.ts';
import type { PinVerdict, Shown } from '../../engine/gateway/mcp/pin-review.ts';
import { requireGoing } from '../exchange/require-going.ts';
import { objection, refuses } from '../guarding/refusal.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { askServer } from './ask-server.ts';
import { graver, isOffered, isStopped, judgeTexts, type McpContext, toolName } from './mcp-context.ts';

/** What became of a list of tools. */
export interface OfferedTools {
  readonly changed: boolean;
  readonly decision: GuardDecision | undefined;
}

/** Why: a list of tools goes into the context of a model; nobody offers so many. */
const MOST_PAGES = 20;
/** Why: a client that calls a tool that does not exist must not make us ask for the list each time. */
const LIST_AGAIN_MS = 10_000;

/**
 * Takes tools out of a page of a list that this caller may not use, and those whose descriptions wait for approval; replaces texts in
 * the others.
 */
export async function offeredTools(context: McpContext, result: JsonObject): Promise<OfferedTools> {
  const { exchange, server, session } = context;
  const { services, policy, call } = exchange;
  const { id } = server.config;
  const given: unknown[] = Array.isArray(result.tools) ? (result.tools as unknown[]) : [];
  // Why before anything is replaced: the digest is of what the server says.
  const described = describedTools(id, given);
  const shown: Shown[] = [];
  let decision: GuardDecision | undefined;
  let changed = !Array.isArray(result.tools) && result.tools !== undefined;
  for (const [index, tool] of given.entries()) {
    const places = new Places();
    places.rest(given, index, 'tool-description', id);
    const judged = isObject(tool) ? await judgeTexts(context, places, 'response') : undefined;
    if (judged !== undefined) decision = graver(decision, judged.decision);
    changed ||= judged?.changed === true;
    shown.push({ ...described[index]!, isRefused: judged !== undefined && refuses(judged.decision) });
  }
  const pins = policy.toolPolicy?.pins;
  const verdicts = await services.mcp.pins.review(id, shown, typeof result.nextCursor !== 'string', pins);
  const kept = given.filter((_, index) => {
    const { name } = shown[index]!;
    if (!isOffered(server, name) || !services.callers.mayUseTool(call.caller, toolName(server, name))) return false;
    return !isStopped(context, name) && verdicts[index]!.kind !== 'waits';
  });
  const waiting = verdicts.filter(({ kind }) => kind === 'waits').length;
  if (waiting > 0) {
    services.log.warn({ server: id, tools: waiting }, 'descriptions of tools wait for approval');
    // Why as a redaction: the rest of the answer passes.
    const { policyDigest } = context.guard;
    decision = graver(decision, { ...objection('tool-description', 'Descriptions wait for approval.', policyDigest), effect: 'redact' });
  }
  if (kept.length !== given.length || changed) result.tools = kept;
  session.hasListed = true;
  tellToolGuard(context, given, shown, verdicts);
  const told = decision !== undefined && refuses(decision) ? { ...decision, effect: 'redact' as const } : decision;
  return { changed: changed || kept.length !== given.length, decision: told };
}

/**
 * Tells the guard of the tool calls what the client is shown. Why those that nobody has read are told as what they are, somebody else's
 * text: they may be an attack on the model.
 */
function tellToolGuard(
  { exchange, server, session }: McpContext,
  given: readonly unknown[],
  shown: readonly Shown[],
  verdicts: readonly PinVerdict[],
): void {
  const tools = session.toolGuard(exchange.policy.toolPolicy);
  if (tools === undefined) return;
  const unread: unknown[] = [];
  for (const [index, verdict] of verdicts.entries()) {
    if (verdict.kind === 'waits') continue;
    if (verdict.kind === 'first' || !verdict.isRead) unread.push(given[index]);
    const { name, digest } = shown[index]!;
    // Why now: what the session saw before is what counted then.
    tools.acceptDescription({ tool: toolName(server, name), digest });
  }
  tools.observe({ type: 'tools', server: server.config.id, tools: unread });
}

/** Whether the description of a tool is accepted. One that nobody has read is read now. */
export async function descriptionsRead(context: McpContext, tool: string): Promise<boolean> {
  const { exchange, server, session } = context;
  const { services, policy } = exchange;
  const stateOf = (): string => services.mcp.pins.stateOf(server.config.id, tool, policy.toolPolicy?.pins);
  const isRead = !session.isListOld && (policy.toolPolicy === undefined || session.hasListed);
  if (stateOf() === 'waits') return false;
  if (stateOf() === 'accepted' && isRead) return true;
  const now = services.now();
  if (!session.isListOld && now - session.listedAt < LIST_AGAIN_MS) return stateOf() === 'accepted';
  session.listedAt = now;
  // Why before: what the server says while it is read counts for the next time.
  session.isListOld = false;
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    requireGoing(exchange);
    const result = await askServer(context, 'tools/list', cursor === undefined ? {} : { cursor });
    await offeredTools(context, result);
    if (typeof result.nextCursor !== 'string') break;
    cursor = result.nextCursor;
  }
  return stateOf() === 'accepted';
}
