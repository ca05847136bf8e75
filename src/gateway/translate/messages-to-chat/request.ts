import { addDetails } from '../../http/error-reply.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, number, object, only, text, wrong } from '../checked.ts';
import { userName } from '../ids.ts';
import { chatMessages } from './messages.ts';
import { chatTools } from './tools.ts';

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'max_tokens',
  'temperature',
  'top_p',
  'stop_sequences',
  'stream',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'metadata',
  'service_tier',
  // About the provider's cache, and no answer changes with it.
  'cache_control',
]);
const OUTPUT_CONFIG = new Set(['effort', 'format']);
const FORMAT = new Set(['type', 'schema']);
const METADATA = new Set(['user_id']);
const EFFORT = /^(?:low|medium|high|xhigh|max)$/;
/** Stop sequences that OpenAI takes. */
const MOST_STOPS = 4;
/** Tokens for thinking up to which it is a little, and a good deal. There is no exact counterpart: OpenAI has levels. */
const LOW_BUDGET = 4_096;
const MEDIUM_BUDGET = 16_384;

/** A request of the Messages API in the words of chat completions. Throws `request.invalid`. */
export function messagesToChat(body: JsonObject): JsonObject {
  // Why with a code: clients then go on without a thread, and send the whole conversation.
  if (!isAbsent(body.thread)) throw addDetails(cannot('thread'), { error_code: 'thread_unsupported_request', unsupported: ['model'] });
  only(body, KNOWN);
  const isStream = body.stream === true;
  const max = number(body.max_tokens, 'max_tokens');
  if (max === undefined) throw wrong('max_tokens', 'a number');
  return compact({
    model: body.model,
    messages: chatMessages(body.system, list(body.messages, 'messages')),
    max_completion_tokens: max,
    temperature: number(body.temperature, 'temperature'),
    top_p: number(body.top_p, 'top_p'),
    stop: stops(body.stop_sequences),
    ...chatTools(body),
    ...effortAndFormat(body),
    service_tier: serviceTier(body.service_tier),
    user: endUser(body.metadata),
    stream: isStream ? true : undefined,
    // Why always: a message without a count of tokens is none.
    stream_options: isStream ? { include_usage: true } : undefined,
  });
}

function stops(sequences: unknown): readonly unknown[] | undefined {
  if (isAbsent(sequences)) return undefined;
  if (!Array.isArray(sequences) || !sequences.every((one) => typeof one === 'string')) throw wrong('stop_sequences', 'a list of strings');
  if (sequences.length > MOST_STOPS) throw cannot('stop_sequences', `there may be ${MOST_STOPS} of them at most`);
  return sequences.length === 0 ? undefined : sequences;
}

function effortAndFormat({ thinking, output_config }: JsonObject): JsonObject {
  const config = isAbsent(output_config) ? {} : object(output_config, 'output_config');
  only(config, OUTPUT_CONFIG, 'output_config.');
  const { effort } = config;
  if (!isAbsent(effort) && (typeof effort !== 'string' || !EFFORT.test(effort))) throw wrong('output_config.effort', 'a level of effort');
  return compact({
    reasoning_effort: isAbsent(effort) ? effortOf(thinking) : effort,
    response_format: isAbsent(config.format) ? undefined : responseFormat(object(config.format, 'output_config.format')),
  });
}

function effortOf(thinking: unknown): string | undefined {
  if (isAbsent(thinking)) return undefined;
  const { type, budget_tokens } = object(thinking, 'thinking');
  if (type === 'disabled' || type === 'adaptive') return undefined;
  if (type !== 'enabled') throw cannot('thinking', 'this way to think has no counterpart there');
  const budget = number(budget_tokens, 'thinking.budget_tokens') ?? 0;
  return budget <= LOW_BUDGET ? 'low' : budget <= MEDIUM_BUDGET ? 'medium' : 'high';
}

function responseFormat(format: JsonObject): JsonObject {
  only(format, FORMAT, 'output_config.format.');
  if (format.type !== 'json_schema') throw cannot('output_config.format');
  return {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: object(format.schema, 'output_config.format.schema'), strict: true },
  };
}

function serviceTier(tier: unknown): string | undefined {
  if (isAbsent(tier) || tier === 'auto') return undefined;
  if (tier === 'standard_only') return 'default';
  throw cannot('service_tier', 'this tier has no counterpart there');
}

function endUser(metadata: unknown): string | undefined {
  if (!isObject(metadata)) return undefined;
  only(metadata, METADATA, 'metadata.');
  return isAbsent(metadata.user_id) ? undefined : userName(text(metadata.user_id, 'metadata.user_id'));
}
