import { z } from 'zod';
import { Channel } from '../../core/text.ts';
import type { ToolEvent } from './adapters/tool-event.ts';
import { textOf } from './adapters/tool-event.ts';

/** A call as traces and tables carry it. */
export const TraceCall = z.strictObject({
  id: z.string().optional(),
  tool: z.string(),
  server: z.string().optional(),
  arguments: z.unknown(),
});

/** One line of a trace in Cordon's own form: a message, a result, the tools of a server, or a call to decide. */
export const TraceLine = z.union([
  z.strictObject({ channel: Channel, text: z.string(), source: z.string().optional() }),
  z.strictObject({ result: z.unknown(), callId: z.string().optional(), tool: z.string().optional(), server: z.string().optional() }),
  z.strictObject({ server: z.string(), tools: z.array(z.unknown()) }),
  z.strictObject({ call: TraceCall, approved: z.boolean().optional().describe('somebody approves the call before it is decided') }),
]);
export type TraceLine = z.infer<typeof TraceLine>;

/** What a line says, as an event. */
export function traceEvent(line: TraceLine): ToolEvent {
  if ('call' in line) return { type: 'call', call: callOf(line.call) };
  if ('tools' in line) return { type: 'tools', server: line.server, tools: line.tools };
  if ('channel' in line) {
    const { channel, text, source } = line;
    return { type: 'message', channel, text, ...(source === undefined ? {} : { source }) };
  }
  const { result, callId, tool, server } = line;
  return {
    type: 'result',
    text: textOf(result),
    ...(callId === undefined ? {} : { callId }),
    ...(tool === undefined ? {} : { tool }),
    ...(server === undefined ? {} : { server }),
  };
}

function callOf({ id, tool, server, arguments: given }: z.infer<typeof TraceCall>): Extract<ToolEvent, { type: 'call' }>['call'] {
  return { tool, arguments: given, ...(id === undefined ? {} : { id }), ...(server === undefined ? {} : { server }) };
}
