import { INSTRUCTIONS } from '../../engine/gateway/mcp/instructions.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { objection } from '../guarding/refusal.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { McpContext } from './mcp-context.ts';

/**
 * Takes instructions out of the answer of a server that initializes while they wait for approval. Why like descriptions of tools: clients
 * put them into the prompt of their model. Returns the decision about them if they were taken out.
 */
export async function judgeInstructions(
  { exchange, server, session, guard }: McpContext,
  result: JsonObject,
): Promise<GuardDecision | undefined> {
  const { services, policy } = exchange;
  const { id } = server.config;
  const pins = policy.toolPolicy?.pins;
  const text = typeof result.instructions === 'string' ? result.instructions : '';
  // Why not each time: a server that says nothing has changed nothing. Once, so that what it says later is new.
  if (text === '' && (pins?.mode === 'required' || services.mcp.pins.stateOf(id, INSTRUCTIONS, pins) !== 'unknown')) return undefined;
  const verdict = await services.mcp.pins.reviewInstructions(id, text, pins);
  if (text === '') return undefined;
  if (verdict.kind === 'waits') {
    services.log.warn({ server: id }, 'the instructions of a server wait for approval');
    delete result.instructions;
    return { ...objection('tool-description', 'Instructions wait for approval.', guard.policyDigest), effect: 'redact' };
  }
  if (verdict.kind === 'first' || !verdict.isRead)
    session.toolGuard(policy.toolPolicy)?.observe({ type: 'message', channel: 'document', text, source: `instructions of ${id}` });
  return undefined;
}
