import type { Usage } from '../../engine/gateway/call.ts';
import { integer } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';

/** The field `usage` of a message: cached input is counted beside the rest there, and part of it here. */
export function anthropicUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = integer(value.input_tokens);
  if (input === undefined) return undefined;
  const cachedTokens = integer(value.cache_read_input_tokens) ?? 0;
  const cacheWriteTokens = integer(value.cache_creation_input_tokens) ?? 0;
  const inputTokens = input + cachedTokens + cacheWriteTokens;
  const written = value.cache_creation;
  const cacheWriteHourTokens = isObject(written) ? (integer(written.ephemeral_1h_input_tokens) ?? 0) : 0;
  // Why: nothing is asked with nothing. A count of zero stands where a translated answer has to name one and nobody has counted.
  if (inputTokens === 0) return undefined;
  return {
    inputTokens,
    outputTokens: integer(value.output_tokens) ?? 0,
    cachedTokens,
    ...(cacheWriteTokens > 0 && { cacheWriteTokens }),
    ...(cacheWriteHourTokens > 0 && { cacheWriteHourTokens }),
    ...tierOf(value),
    measured: true,
  };
}

function tierOf({ service_tier: tier, speed }: JsonObject): { readonly tier?: string } {
  if (typeof speed === 'string' && speed !== 'standard') return { tier: speed };
  return typeof tier === 'string' ? { tier } : {};
}
