import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The trace of a request: W3C Trace Context, level 1. */
export interface TraceContext {
  /** 16 bytes, hexadecimal. */
  readonly traceId: string;
  /** Span of the request in the gateway; 8 bytes, hexadecimal. */
  readonly spanId: string;
  /** Span of the call to the upstream. */
  readonly upstreamSpanId: string;
  /** Span of the client, where it told one. */
  readonly parentId: string | undefined;
  readonly state: string | undefined;
  readonly isSampled: boolean;
}

const PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
/** Why: it goes on to the upstream, and must not carry anything else there. */
const STATE =
  /^[a-z0-9@_*/-]{1,256}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}(?:[ \t]*,[ \t]*[a-z0-9@_*/-]{1,256}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}){0,31}$/;
const STATE_CHARACTERS = 512;
const SAMPLED = 1;

/** Random bytes in stock. Why: asking the system for a few costs more than all the rest. */
let stock = '';
let taken = 0;

function randomHex(characters: number): string {
  if (taken + characters > stock.length) [stock, taken] = [randomBytes(8_192).toString('hex'), 0];
  const hex = stock.slice(taken, (taken += characters));
  // All zeroes are no id.
  return /^0+$/.test(hex) ? randomHex(characters) : hex;
}

/** Continues the trace that a client tells, or begins one. A header that is none is as if it were not there. */
export function traceOf(headers: IncomingHttpHeaders, sampleRatio: number): TraceContext {
  const told = headers.traceparent;
  const [, traceId, parentId, flags] = (typeof told === 'string' && told.length <= 200 && PARENT.exec(told)) || [];
  const spans = { spanId: randomHex(16), upstreamSpanId: randomHex(16) };
  if (traceId === undefined || flags === undefined) {
    const fresh = randomHex(32);
    return { traceId: fresh, ...spans, parentId: undefined, state: undefined, isSampled: isWithin(fresh, sampleRatio) };
  }
  const { tracestate } = headers;
  const state = typeof tracestate === 'string' && tracestate.length <= STATE_CHARACTERS && STATE.test(tracestate) ? tracestate : undefined;
  return { traceId, ...spans, parentId, state, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** Headers that tell an upstream the trace. */
export function traceHeaders(trace: TraceContext): Record<string, string> {
  const traceparent = `00-${trace.traceId}-${trace.upstreamSpanId}-${trace.isSampled ? '01' : '00'}`;
  return trace.state === undefined ? { traceparent } : { traceparent, tracestate: trace.state };
}

/** Why by the id: everybody who samples the same part takes the same traces. */
function isWithin(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(-13), 16) < ratio * 2 ** 52;
}
