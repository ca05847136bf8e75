import { randomUUID } from 'node:crypto';
import { integer, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { isAbsent } from '../checked.ts';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What stands in a response beside its output. */
export interface ResponseHead {
  readonly id: string;
  /** What ids of its items are made from. */
  readonly base: string;
  readonly created: number;
  readonly model: string;
}

/** The head of the response for a completion. */
export function headOf(completion: JsonObject): ResponseHead {
  const given = string(completion.id);
  const base = ID.test(given) ? given : randomUUID().replaceAll('-', '');
  return {
    id: `resp_${base}`,
    base,
    created: integer(completion.created) ?? Math.floor(Date.now() / 1_000),
    model: string(completion.model),
  };
}

/** How an answer ended, as a response says it. */
export interface Ending {
  readonly status: 'in_progress' | 'completed' | 'incomplete';
  readonly reason?: 'max_output_tokens' | 'content_filter';
}

/** The ending for a reason to finish. */
export function endingOf(finish: unknown): Ending {
  if (finish === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  if (finish === 'content_filter') return { status: 'incomplete', reason: 'content_filter' };
  return { status: 'completed' };
}

/** A response with everything that clients read of one; what the request says is repeated. */
export function responseOf(
  request: JsonObject,
  head: ResponseHead,
  ending: Ending,
  output: readonly JsonObject[],
  usage: unknown,
): JsonObject {
  const said = (key: string, otherwise: unknown): unknown => (isAbsent(request[key]) ? otherwise : request[key]);
  const reasoning = isObject(request.reasoning) ? request.reasoning : {};
  return {
    id: head.id,
    object: 'response',
    created_at: head.created,
    status: ending.status,
    background: false,
    error: null,
    incomplete_details: ending.reason === undefined ? null : { reason: ending.reason },
    instructions: said('instructions', null),
    max_output_tokens: said('max_output_tokens', null),
    max_tool_calls: said('max_tool_calls', null),
    metadata: said('metadata', {}),
    model: head.model,
    output,
    parallel_tool_calls: said('parallel_tool_calls', true),
    previous_response_id: null,
    reasoning: { effort: reasoning.effort ?? null, summary: reasoning.summary ?? null },
    service_tier: said('service_tier', 'default'),
    // Why: nobody keeps it, and who asks for it later finds nothing.
    store: false,
    temperature: said('temperature', 1),
    text: said('text', { format: { type: 'text' } }),
    tool_choice: said('tool_choice', 'auto'),
    tools: said('tools', []),
    top_logprobs: 0,
    top_p: said('top_p', 1),
    truncation: 'disabled',
    usage: responseUsage(usage),
    user: said('user', null),
  };
}

/** Tokens of a completion as a response counts them; null where nobody counted. */
export function responseUsage(usage: unknown): JsonObject | null {
  if (!isObject(usage)) return null;
  const input = integer(usage.prompt_tokens);
  if (input === undefined) return null;
  const output = integer(usage.completion_tokens) ?? 0;
  const read = (details: unknown, key: string): number => (isObject(details) ? integer(details[key]) : undefined) ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: Math.min(input, read(usage.prompt_tokens_details, 'cached_tokens')) },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: read(usage.completion_tokens_details, 'reasoning_tokens') },
    total_tokens: input + output,
  };
}
