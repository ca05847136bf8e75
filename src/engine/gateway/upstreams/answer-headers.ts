import type { IncomingHttpHeaders } from 'node:http';

/** What clients get to see. Why a list: everything else is about the connection, the operator's account, or sets cookies. */
const PASSED = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'x-request-id',
  'request-id',
  'openai-processing-ms',
  'openai-version',
] as const;

/** Why: a header of a provider ends up in an answer of ours. */
const PRINTABLE = /^[\t\x20-\x7e\u0080-\u00ff]*$/;

/** The headers of an answer that are passed on. One that comes twice is left out: no rule says which of them counts. */
export function passedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED) {
    const value = headers[name];
    if (typeof value === 'string' && PRINTABLE.test(value)) passed[name] = value;
  }
  return passed;
}

/** Milliseconds that an answer asks to wait before the next attempt: `retry-after-ms`, seconds, or a date. */
export function retryAfterMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const { 'retry-after-ms': exact, 'retry-after': value } = headers;
  if (typeof exact === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(exact)) return Number(exact);
  if (typeof value !== 'string') return undefined;
  const ms = /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
