import type { z } from 'zod';
import { CordonError } from '../../core/errors.ts';
import { trustOf } from '../../core/text.ts';
import { ToolPolicy } from '../../core/tool-policy.ts';
import type { ToolEvent } from '../../policy/tools/adapters/tool-event.ts';
import { grantApproval, isApproved, spendApproval } from '../../policy/tools/approval.ts';
import { compileToolPolicy, decideToolCall } from '../../policy/tools/decide.ts';
import { accept, type DescriptionFinding, readDescriptions } from '../../policy/tools/pins.ts';
import { intentKey } from '../../policy/tools/taint/guard-sink.ts';
import { hostOf } from '../../policy/tools/taint/links.ts';
import { addRecords } from '../../policy/tools/taint/records.ts';
import {
  addLookup,
  addOperatorText,
  addUntrusted,
  addUserTurn,
  newToolSession,
  SESSION_LIMITS,
  ToolSession,
} from '../../policy/tools/taint/session.ts';
import { readCall, type ToolCall, toolKey } from '../../policy/tools/tool-call.ts';
import type { ToolDecision } from '../../policy/tools/tool-decision.ts';
import { isTrustedKey } from '../../policy/tools/tool-name.ts';

/** Guards the tool calls of one conversation. */
export interface ToolGuard {
  /** Tells what happened: messages, results, descriptions, and calls that ran without being asked about (replayed history). */
  observe(...events: readonly ToolEvent[]): readonly DescriptionFinding[];
  /** Decides one call. A call that may run is recorded, so that its result is recognised. Never throws. */
  decide(call: ToolCall, options?: { readonly approval?: string }): ToolDecision;
  /** Approves exactly this call: returns a token for `decide`, usable once. Throws `usage.invalid` for a call that cannot be judged. */
  approve(call: ToolCall): string;
  /** Accepts the description that a finding is about. */
  acceptDescription(finding: Pick<DescriptionFinding, 'tool' | 'digest'>): void;
  /** The state, as plain JSON. It holds text of the conversation: store it as carefully. */
  session(): ToolSession;
}

/** What a guard can be given besides its policy. */
export interface ToolGuardOptions {
  /** State of the conversation from an earlier request, as `session()` gave it. */
  readonly session?: unknown;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/**
 * Makes the guard of one conversation from the section `toolPolicy` of a configuration. Throws `config.invalid`.
 *
 * @example
 * const tools = createToolGuard({ trustedTools: ['find_contact'], tools: [...] });
 * tools.observe({ type: 'message', channel: 'user', text: 'Mail the minutes to ann@example.com' });
 * const { effect, reasons } = tools.decide({ tool: 'send_mail', arguments: { to: 'ann@example.com' } });
 */
export function createToolGuard(policy: z.input<typeof ToolPolicy>, { session: stored, now = Date.now }: ToolGuardOptions = {}): ToolGuard {
  const parsed = ToolPolicy.safeParse(policy);
  if (!parsed.success)
    throw new CordonError('config.invalid', `toolPolicy: ${parsed.error.issues[0]?.message ?? 'is not valid'}`, { cause: parsed.error });
  const compiled = compileToolPolicy(parsed.data);
  const { trustedTools, records, pins, approvalMinutes } = parsed.data;
  const session = stored === undefined ? newToolSession() : restore(stored);

  function observeOne(event: ToolEvent): readonly DescriptionFinding[] {
    if (event.type === 'call') record(event.call);
    else if (event.type === 'message') hear(event);
    else if (event.type === 'result') takeResult(event);
    else {
      const { findings, unread } = readDescriptions(session, pins, event.server, event.tools);
      for (const { tool, text } of unread) addUntrusted(session, `description of ${tool}`, text);
      return findings;
    }
    return [];
  }

  function hear({ channel, text, source }: Extract<ToolEvent, { type: 'message' }>): void {
    const trust = trustOf(channel);
    if (trust === 'user') addUserTurn(session, text);
    else if (trust === 'operator') addOperatorText(session, text);
    else if (trust === 'untrusted') addUntrusted(session, source ?? channel, text);
  }

  function takeResult({ callId, tool, server, text }: Extract<ToolEvent, { type: 'result' }>): void {
    const call = callId === undefined ? undefined : session.calls.findLast(({ id }) => id === callId);
    const key = call?.tool ?? (tool === undefined ? undefined : toolKey(tool, server));
    if (key !== undefined && isTrustedKey(trustedTools, key)) addLookup(session, call?.asked ?? [], text);
    else {
      addUntrusted(session, `result of ${key ?? 'an unknown call'}`, text, call === undefined ? undefined : hostOf(call.asked));
      if (key !== undefined) addRecords(session, records, key, call?.asked ?? [], text);
    }
  }

  function record(call: ToolCall): void {
    const read = readCall(call);
    if ('problem' in read || call.id === undefined) return;
    const words = read.nodes.flatMap(({ value }) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []));
    const asked = words.length > 50 || words.some((word) => word.length > 1_000) ? [] : words;
    session.calls.push({ id: call.id.slice(0, 200), tool: read.key, asked });
    if (session.calls.length > SESSION_LIMITS.calls) session.calls.shift();
  }

  return {
    observe: (...events) => events.flatMap((event) => observeOne(event)),
    decide(call, { approval } = {}) {
      const first = decideToolCall(compiled, session, call);
      const approved = first.effect === 'hold' && approval !== undefined && isApproved(session, approval, first.digest, now());
      const decision = approved ? decideToolCall(compiled, session, call, true) : first;
      if (approved) spendApproval(session, approval);
      if (decision.effect !== 'allow') return decision;
      if (decision.intent !== undefined && !approved) {
        const use = intentKey(decision.rule, decision.intent);
        session.uses[use] = (session.uses[use] ?? 0) + 1;
      }
      record(call);
      return decision;
    },
    approve(call) {
      const read = readCall(call);
      if ('problem' in read) throw new CordonError('usage.invalid', `the call cannot be approved: ${read.problem}`);
      return grantApproval(session, read.digest, now(), approvalMinutes);
    },
    acceptDescription: ({ tool, digest }) => accept(session, tool, digest),
    session: () => structuredClone(session),
  };
}

function restore(stored: unknown): ToolSession {
  const parsed = ToolSession.safeParse(stored);
  if (!parsed.success) throw new CordonError('usage.invalid', 'the stored session of the tool guard is not one', { cause: parsed.error });
  return structuredClone(parsed.data);
}
