import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, list, number, object, only, text, wrong } from '../checked.ts';
import { conversation } from './messages.ts';
import { toolFields } from './tools.ts';

/** Fields that are translated. */
const TRANSLATED = [
  'model',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'stop',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning_effort',
  'response_format',
  'service_tier',
  'user',
  'safety_identifier',
];
/** Fields that are about speed and cost of a provider's cache, and change no answer. */
const HINTS = ['prompt_cache_key', 'prompt_cache_retention', 'prompt_cache_options'];
/** Fields without a counterpart, and when they ask for nothing. */
const NEUTRAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  store: (value) => value === false,
  logit_bias: isEmpty,
  metadata: isEmpty,
  modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
};
const KNOWN: ReadonlySet<string> = new Set([...TRANSLATED, ...HINTS, ...Object.keys(NEUTRAL)]);
const STREAM_OPTIONS = new Set(['include_usage', 'include_obfuscation']);
const EFFORTS: Readonly<Record<string, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};
const FORMAT = new Set(['type', 'json_schema']);
/** The name and whether it is strict say nothing there: every format is kept to. */
const FORMAT_SCHEMA = new Set(['name', 'description', 'schema', 'strict']);
/** Highest temperature of Anthropic; that of OpenAI is 2. */
const MOST_TEMPERATURE = 1;

/** A request for a chat completion in the words of the Messages API. Throws `request.invalid`. */
export function chatToMessages(body: JsonObject, maxOutputTokens: number): JsonObject {
  only(body, KNOWN);
  for (const [field, asksNothing] of Object.entries(NEUTRAL)) {
    if (!isAbsent(body[field]) && !asksNothing(body[field])) throw cannot(field);
  }
  if (!isAbsent(body.stream_options)) only(object(body.stream_options, 'stream_options'), STREAM_OPTIONS, 'stream_options.');
  const { system, messages } = conversation(list(body.messages, 'messages'));
  const temperature = number(body.temperature, 'temperature');
  if (temperature !== undefined && temperature > MOST_TEMPERATURE)
    throw cannot('temperature', `it must be at most ${MOST_TEMPERATURE} there`);
  return compact({
    model: body.model,
    system: system.length === 0 ? undefined : system.length === 1 ? system[0]!.text : system,
    messages,
    max_tokens: number(body.max_completion_tokens, 'max_completion_tokens') ?? number(body.max_tokens, 'max_tokens') ?? maxOutputTokens,
    temperature,
    top_p: number(body.top_p, 'top_p'),
    stop_sequences: stopSequences(body.stop),
    ...toolFields(body),
    ...effortAndFormat(body),
    service_tier: serviceTier(body.service_tier),
    metadata: endUser(body),
    stream: body.stream === true ? true : undefined,
  });
}

function stopSequences(stop: unknown): readonly unknown[] | undefined {
  if (isAbsent(stop)) return undefined;
  const all: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  if (!all.every((one) => typeof one === 'string')) throw wrong('stop', 'a string or a list of strings');
  return all.length === 0 ? undefined : all;
}

function effortAndFormat({ reasoning_effort: effort, response_format: format }: JsonObject): JsonObject {
  const level = typeof effort === 'string' && Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (!isAbsent(effort) && effort !== 'none' && level === undefined)
    throw cannot('reasoning_effort', 'this level has no counterpart there');
  const config = compact({ effort: level, format: isAbsent(format) ? undefined : outputFormat(object(format, 'response_format')) });
  return { ...(effort === 'none' && { thinking: { type: 'disabled' } }), ...(!isEmpty(config) && { output_config: config }) };
}

function outputFormat(format: JsonObject): JsonObject | undefined {
  if (format.type === 'text') return undefined;
  if (format.type !== 'json_schema') throw cannot('response_format', 'only json_schema has a counterpart there');
  only(format, FORMAT, 'response_format.');
  const given = object(format.json_schema, 'response_format.json_schema');
  only(given, FORMAT_SCHEMA, 'response_format.json_schema.');
  const schema = object(given.schema, 'response_format.json_schema.schema');
  const description = isAbsent(given.description) ? undefined : text(given.description, 'response_format.json_schema.description');
  return { type: 'json_schema', schema: { ...(description !== undefined && { description }), ...schema } };
}

function serviceTier(tier: unknown): string | undefined {
  if (isAbsent(tier) || tier === 'auto') return undefined;
  if (tier === 'default') return 'standard_only';
  throw cannot('service_tier', 'this tier has no counterpart there');
}

function endUser({ user, safety_identifier }: JsonObject): JsonObject | undefined {
  const name = safety_identifier ?? user;
  return isAbsent(name) ? undefined : { user_id: text(name, isAbsent(safety_identifier) ? 'user' : 'safety_identifier') };
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
