import type { Usage } from '../../engine/gateway/call.ts';
import { integer } from '../json/fields.ts';
import { isObject } from '../json/parse-object.ts';

/** The field `usage` of chat, completions, embeddings and responses, and the service tier beside it. */
export function openAiUsage(value: unknown, tier?: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = integer(value.prompt_tokens) ?? integer(value.input_tokens);
  const outputTokens = integer(value.completion_tokens) ?? integer(value.output_tokens) ?? 0;
  // Why: nothing is asked with nothing; a server that counts none sends zeros, and the use is estimated.
  if (inputTokens === undefined || (inputTokens === 0 && outputTokens === 0)) return undefined;
  const details = value.prompt_tokens_details ?? value.input_tokens_details;
  const cachedTokens = (isObject(details) ? integer(details.cached_tokens) : undefined) ?? 0;
  const cacheWriteTokens = isObject(details) ? integer(details.cache_write_tokens) : undefined;
  return {
    inputTokens,
    outputTokens,
    cachedTokens: Math.min(cachedTokens, inputTokens),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(typeof tier === 'string' && { tier }),
    measured: true,
  };
}
