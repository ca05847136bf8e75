import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamProtocol } from './upstreams.ts';

/** Ids and numbers. Why so narrow: a header is read by nobody, and a provider could say anything in it. */
const WORD = /^[\w.:/=+-]{1,200}$/;
const NUMBER = /^\d{1,9}(?:\.\d{1,9})?$/;
const WAIT = /^(?:\d{1,9}(?:\.\d{1,9})?|[A-Za-z]{3}, [\w :]{10,30} GMT)$/;
/** Also read by whoever takes the body, who decides what clients are told. */
const MEDIA = /^[\w.+*/;=," -]{1,256}$/;

type Forms = readonly (readonly [name: string, form: RegExp])[];

/**
 * What clients get to see. Why a list: everything else is about the connection, sets cookies, or tells of the operator's account: which it
 * is (`openai-organization`), and what is left of its limits (`x-ratelimit-*`, `anthropic-ratelimit-*`), which all callers share. The
 * gateway says under those names what is left to the caller.
 */
const COMMON: Forms = [
  ['content-type', MEDIA],
  ['content-length', NUMBER],
  ['content-disposition', /^(?:attachment|inline)(?:; filename="?[\w.-]{1,100}"?)?$/],
  ['retry-after', WAIT],
  ['retry-after-ms', NUMBER],
  ['x-should-retry', /^(?:true|false)$/],
];
const OF_PROTOCOL: Readonly<Record<UpstreamProtocol, Forms>> = {
  openai: [
    ['x-request-id', WORD],
    ['openai-processing-ms', NUMBER],
    ['openai-version', WORD],
  ],
  anthropic: [['request-id', WORD]],
};
/** The header in which clients of a protocol look for the id of an answer. */
const REQUEST_ID: Readonly<Record<UpstreamProtocol, string>> = { openai: 'x-request-id', anthropic: 'request-id' };

/**
 * The headers of an answer in the protocol `from` that are passed on to a client that speaks `to`. One that comes twice is left out: no
 * rule says which of them counts.
 */
export function passedHeaders(headers: IncomingHttpHeaders, from: UpstreamProtocol, to: UpstreamProtocol): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, form] of COMMON) take(headers, name, form, passed);
  if (from === to) for (const [name, form] of OF_PROTOCOL[from]) take(headers, name, form, passed);
  else take(headers, REQUEST_ID[from], WORD, passed, REQUEST_ID[to]);
  return passed;
}

function take(headers: IncomingHttpHeaders, name: string, form: RegExp, passed: Record<string, string>, as = name): void {
  const value = headers[name];
  if (typeof value === 'string' && form.test(value)) passed[as] = value;
}

/** Milliseconds that an answer asks to wait before the next attempt: `retry-after-ms`, seconds, or a date. */
export function retryAfterMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const { 'retry-after-ms': exact, 'retry-after': value } = headers;
  if (typeof exact === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(exact)) return Number(exact);
  if (typeof value !== 'string') return undefined;
  const ms = /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
