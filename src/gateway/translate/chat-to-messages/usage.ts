import { integer } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';

/** Tokens of a message as chat counts them: what was cached is part of the prompt there, and beside the rest at Anthropic. */
export function completionUsage(usage: JsonObject): JsonObject {
  const cached = integer(usage.cache_read_input_tokens) ?? 0;
  const prompt_tokens = (integer(usage.input_tokens) ?? 0) + cached + (integer(usage.cache_creation_input_tokens) ?? 0);
  const completion_tokens = integer(usage.output_tokens) ?? 0;
  const details = usage.output_tokens_details;
  const thinking = isObject(details) ? integer(details.thinking_tokens) : undefined;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: cached },
    ...(thinking !== undefined && { completion_tokens_details: { reasoning_tokens: thinking } }),
  };
}
