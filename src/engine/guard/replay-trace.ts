import { CordonError } from '../../core/errors.ts';
import type { ToolEvent } from '../../policy/tools/adapters/tool-event.ts';
import type { DescriptionFinding } from '../../policy/tools/pins.ts';
import type { ToolDecision } from '../../policy/tools/tool-decision.ts';
import { traceEvent, type TraceLine } from '../../policy/tools/trace-line.ts';
import type { ToolGuard } from './tool-guard.ts';

/** What a guard says to one event: findings about descriptions, or the decision on a call. */
export type Replayed =
  | { readonly finding: DescriptionFinding }
  | { readonly id?: string; readonly tool: string; readonly server?: string; readonly decision: ToolDecision };

/** Tells a guard what happened, and asks it about every call. With `approved`, calls are approved before they are decided. */
export function replay(guard: ToolGuard, events: readonly ToolEvent[], approved = false): Replayed[] {
  return events.flatMap((event): Replayed[] => {
    if (event.type !== 'call') return guard.observe(event).map((finding) => ({ finding }));
    const { id, tool, server } = event.call;
    const options = approved ? approval(guard, event.call) : {};
    const decision = guard.decide(event.call, options);
    return [{ ...(id === undefined ? {} : { id }), tool, ...(server === undefined ? {} : { server }), decision }];
  });
}

/** Replays lines of a trace in Cordon's own form. */
export function replayLines(guard: ToolGuard, lines: readonly TraceLine[]): Replayed[] {
  return lines.flatMap((line) => replay(guard, [traceEvent(line)], 'call' in line && line.approved === true));
}

function approval(guard: ToolGuard, call: Parameters<ToolGuard['approve']>[0]): { readonly approval?: string } {
  try {
    return { approval: guard.approve(call) };
  } catch (error) {
    // Why: a call that cannot be judged is decided without approval, and denied.
    if (error instanceof CordonError) return {};
    throw error;
  }
}
