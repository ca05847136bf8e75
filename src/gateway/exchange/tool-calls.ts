import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { Guard, GuardCall } from '../../engine/guard/guard.ts';
import { createToolGuard, type ToolGuard } from '../../engine/guard/tool-guard.ts';
import type { ToolCall } from '../../policy/tools/tool-call.ts';
import { checkPlaces, textsLeft } from '../guarding/guard-places.ts';
import { objection, refuses } from '../guarding/refusal.ts';
import { Places } from '../places/places.ts';
import type { RequestView } from '../protocol.ts';
import type { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import type { Exchange } from './exchange.ts';

const NAME = /^[\w.:/-]{1,128}$/;

/** {@link ToolCalls} that go on from an earlier response, or look at it again; undefined: there is none. */
export async function openToolCalls(exchange: Exchange, guard: Guard, view: RequestView, earlier: string | undefined): Promise<ToolCalls> {
  const isKnown = earlier !== undefined && exchange.policy.toolPolicy !== undefined;
  return new ToolCalls(exchange, guard, view, isKnown ? await exchange.services.toolSessions.of(earlier) : undefined);
}

/** Decides about the tool calls of an answer: what the caller may use, what is stopped, what the tool policy says. */
export class ToolCalls {
  readonly #exchange: Exchange;
  readonly #guard: Guard;
  readonly #tools: ToolGuard | undefined;
  /** Calls that may be made. Why remembered: streams tell of a call up to three times, and policies count. */
  readonly #allowed = new Set<string>();

  /** `session`: what the tool policy knows of the conversation so far. */
  constructor(exchange: Exchange, guard: Guard, view: RequestView, session?: unknown) {
    this.#exchange = exchange;
    this.#guard = guard;
    const { toolPolicy } = exchange.policy;
    if (toolPolicy === undefined) return;
    this.#tools = createToolGuard(toolPolicy, session === undefined ? {} : { session });
    this.#tools.observe(...view.events);
  }

  /** Keeps what the tool policy knows of the conversation for whatever goes on from this response. */
  remember(response: string): void {
    if (this.#tools !== undefined) this.#exchange.services.toolSessions.set(response, this.#tools.session());
  }

  /** Why a call must not reach the client; undefined where it may. */
  objectionTo(call: ToolCall): GuardDecision | undefined {
    const key = JSON.stringify([call.id, call.tool, call.arguments]);
    if (call.id !== undefined && this.#allowed.has(key)) return undefined;
    const against = this.#decide(call);
    if (against === undefined) this.#allowed.add(key);
    return against;
  }

  #decide(call: ToolCall): GuardDecision | undefined {
    const { services, call: made } = this.#exchange;
    const { policyDigest } = this.#guard;
    if (call.tool !== '' && !NAME.test(call.tool)) return objection('tool', 'A tool has a name that no tool can have.', policyDigest);
    if (!services.callers.mayUseTool(made.caller, call.tool))
      return objection('tool', 'The credential does not allow the tool.', policyDigest);
    if (services.switches.stopped({ tool: call.tool }) !== undefined) return objection('tool', 'The tool was stopped.', policyDigest);
    const decision = this.#tools?.decide(call);
    if (decision === undefined || decision.effect === 'allow') return undefined;
    return objection('tool-policy', decision.reasons[0]?.message ?? 'The tool policy refuses the call.', policyDigest);
  }

  /**
   * What becomes of the arguments of a streamed call: the text that takes their place, or why the answer ends. `keep` takes what the guard
   * left of them.
   */
  judge(
    call: ToolCall | undefined,
    text: string,
    options: GuardCall,
    restored: PseudonymMap | undefined,
    keep?: (text: string) => void,
  ): string | GuardDecision {
    // Why: nobody can say whether a call that has no name may be made.
    if (call === undefined) return objection('tool', 'A tool call has no name.', this.#guard.policyDigest);
    const refused = this.objectionTo(call);
    if (refused !== undefined) return refused;
    const holder = { arguments: text };
    const places = new Places();
    places.encoded(holder, 'arguments', 'tool-arguments');
    const { decision } = checkPlaces(this.#guard, places, options, restored);
    keep?.(textsLeft(places, decision));
    return refuses(decision) ? decision : holder.arguments;
  }
}
