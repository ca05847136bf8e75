import type { IncomingHttpHeaders } from 'node:http';

/** What a provider gets to see of a client. Why a list: credentials, cookies, addresses and hosts are none of its business. */
const PASSED = ['content-type', 'accept', 'openai-beta', 'anthropic-beta', 'anthropic-version', 'idempotency-key'] as const;
const PLAIN = /^[\x20-\x7e]{0,1024}$/;

/** The headers of a request that are passed on. */
export function upstreamHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED) {
    const value = headers[name];
    if (typeof value === 'string' && PLAIN.test(value)) passed[name] = value;
  }
  return passed;
}
