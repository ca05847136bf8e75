import type { LimitsConfig as LimitsConfigType } from '../../src/core/gateway-limits-config.ts';
import { LimitsConfig } from '../../src/core/gateway-limits-config.ts';
import type { Call, Caller, Usage } from '../../src/engine/gateway/call.ts';
import type { Price } from '../../src/engine/gateway/prices/price.ts';
import { localOperator } from '../../src/identity/permission.ts';

/** Somebody who calls. */
export function caller(parts: Partial<Caller> & { readonly name?: string } = {}): Caller {
  const { name = 'ann', ...rest } = parts;
  return { principal: localOperator(name), key: 'key-1', teams: [], ip: '192.0.2.1', ...rest };
}

/** A call of a chat. */
export function call(parts: Partial<Call> = {}): Call {
  return { caller: caller(), route: '/v1/chat/completions', model: 'gpt-5', ...parts };
}

/** A dollar for a million tokens in, two out: one token is one micro-dollar, or two. */
export const PRICE: Price = { input: 1e6, cachedInput: 1e6, cacheWrite: 1e6, output: 2e6, longContext: undefined, request: 0 };

/** Tokens that the upstream counted. */
export function usage(inputTokens: number, outputTokens: number): Usage {
  return { inputTokens, outputTokens, cachedTokens: 0, measured: true };
}

/** A configuration as read from a file. */
export function limitsConfig(rules: readonly object[], more: object = {}): LimitsConfigType {
  return LimitsConfig.parse({ rules, ...more });
}
