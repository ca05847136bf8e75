import { integer } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';

/** Tokens of a completion as Anthropic counts them; undefined where nobody counted. */
export function messageUsage(usage: unknown): JsonObject | undefined {
  if (!isObject(usage)) return undefined;
  const prompt = integer(usage.prompt_tokens);
  if (prompt === undefined) return undefined;
  const details = usage.prompt_tokens_details;
  const cached = Math.min(prompt, (isObject(details) ? integer(details.cached_tokens) : undefined) ?? 0);
  return {
    input_tokens: prompt - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: integer(usage.completion_tokens) ?? 0,
  };
}

/** The usage of a message whose tokens nobody counted. Why not left out: clients read its fields. */
export const NO_USAGE: JsonObject = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };
