import type { JsonObject } from '../../json/parse-object.ts';
import { cannot, compact, isAbsent, number, object, only, text, wrong } from '../checked.ts';
import { chatMessages } from './input.ts';
import { toolFields } from './tools.ts';

/** Fields that are translated, or that the answer repeats. */
const TRANSLATED = [
  'model',
  'input',
  'instructions',
  'max_output_tokens',
  'temperature',
  'top_p',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'service_tier',
  'user',
  'safety_identifier',
  'metadata',
];
/** Fields that change no answer: about a provider's cache, and about tools that run at a provider, which are refused. */
const HINTS = ['prompt_cache_key', 'prompt_cache_retention', 'prompt_cache_options', 'max_tool_calls'];
/** Fields without a counterpart, and when they ask for nothing. */
const NEUTRAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  store: (value) => value === false,
  background: (value) => value === false,
  truncation: (value) => value === 'disabled',
  top_logprobs: (value) => value === 0,
  include: isNothingThere,
};
const KNOWN: ReadonlySet<string> = new Set([...TRANSLATED, ...HINTS, ...Object.keys(NEUTRAL)]);
const STREAM_OPTIONS = new Set(['include_obfuscation']);
/** `summary` is about how thoughts are told: servers of chat tell them as they are. */
const REASONING = new Set(['effort', 'summary', 'generate_summary']);
const TEXT = new Set(['format', 'verbosity']);
const FORMAT = new Set(['type', 'name', 'description', 'schema', 'strict']);
/** What is asked for beside an answer that no answer from elsewhere has. */
const NOT_THERE =
  /^(?:reasoning\.encrypted_content|(?:file_search_call|web_search_call|code_interpreter_call|computer_call_output)\.[a-z_.]{1,60})$/;

/** A request for a response in the words of chat completions. Throws `request.invalid`. */
export function responsesToChat(body: JsonObject): JsonObject {
  only(body, KNOWN);
  for (const [field, asksForNothing] of Object.entries(NEUTRAL)) {
    const value = body[field];
    if (!isAbsent(value) && !asksForNothing(value))
      throw cannot(field, field === 'store' ? 'nothing is kept there' : 'it has no counterpart there');
  }
  if (!isAbsent(body.stream_options)) only(object(body.stream_options, 'stream_options'), STREAM_OPTIONS, 'stream_options.');
  const isStream = body.stream === true;
  return compact({
    model: body.model,
    messages: chatMessages(body.instructions, body.input),
    max_completion_tokens: number(body.max_output_tokens, 'max_output_tokens'),
    temperature: number(body.temperature, 'temperature'),
    top_p: number(body.top_p, 'top_p'),
    ...toolFields(body),
    ...effortAndFormat(body),
    service_tier: isAbsent(body.service_tier) ? undefined : text(body.service_tier, 'service_tier'),
    user: isAbsent(body.user) ? undefined : text(body.user, 'user'),
    safety_identifier: isAbsent(body.safety_identifier) ? undefined : text(body.safety_identifier, 'safety_identifier'),
    stream: isStream ? true : undefined,
    // Why always: a response without a count of tokens is none.
    stream_options: isStream ? { include_usage: true } : undefined,
  });
}

function effortAndFormat({ reasoning, text: said }: JsonObject): JsonObject {
  const thoughts = isAbsent(reasoning) ? {} : object(reasoning, 'reasoning');
  only(thoughts, REASONING, 'reasoning.');
  const config = isAbsent(said) ? {} : object(said, 'text');
  only(config, TEXT, 'text.');
  return compact({
    reasoning_effort: isAbsent(thoughts.effort) ? undefined : text(thoughts.effort, 'reasoning.effort'),
    response_format: isAbsent(config.format) ? undefined : responseFormat(object(config.format, 'text.format')),
    // Why not the usual one: servers that know no other refuse the field.
    verbosity: isAbsent(config.verbosity) || config.verbosity === 'medium' ? undefined : text(config.verbosity, 'text.verbosity'),
  });
}

function responseFormat(format: JsonObject): JsonObject | undefined {
  only(format, FORMAT, 'text.format.');
  if (format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json_object' };
  if (format.type !== 'json_schema') throw cannot('text.format');
  const json_schema = compact({
    name: text(format.name, 'text.format.name'),
    description: isAbsent(format.description) ? undefined : text(format.description, 'text.format.description'),
    schema: object(format.schema, 'text.format.schema'),
    strict: isAbsent(format.strict) ? undefined : format.strict === true,
  });
  return { type: 'json_schema', json_schema };
}

function isNothingThere(include: unknown): boolean {
  if (!Array.isArray(include) || !include.every((one) => typeof one === 'string')) throw wrong('include', 'a list of strings');
  return include.every((one: string) => NOT_THERE.test(one));
}
