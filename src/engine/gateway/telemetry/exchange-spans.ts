import type { ExchangeRecord } from '../audit/exchange-record.ts';
import { type GenAiNames, operationName, providerName } from './genai-conventions.ts';
import { errorType } from './genai-metrics.ts';
import { attributesOf, type OtlpSpan, unixNano } from './otlp-json.ts';
import type { TraceContext } from './trace-context.ts';

const SERVER = 2;
const CLIENT = 3;
const ERROR = { code: 2 } as const;
const UNSET = { code: 0 } as const;
const FLAGS = 1;

/**
 * The spans of an exchange: the request to the gateway, and in it the call to the upstream. What was said is in neither; who asked is
 * told by id. The guard's decisions have a name space of our own until the conventions have one.
 */
export function exchangeSpans(
  record: ExchangeRecord,
  trace: TraceContext,
  names: GenAiNames,
  kind: string | undefined,
): readonly OtlpSpan[] {
  const { who, usage, latency, at } = record;
  const end = at + latency.total;
  const failure = errorType(record);
  const operation = operationName(record.route);
  const common = {
    traceId: trace.traceId,
    ...(trace.state !== undefined && { traceState: trace.state }),
    flags: FLAGS,
    endTimeUnixNano: unixNano(end),
  };
  const server: OtlpSpan = {
    ...common,
    spanId: trace.spanId,
    ...(trace.parentId !== undefined && { parentSpanId: trace.parentId }),
    name: `POST ${record.route}`,
    kind: SERVER,
    startTimeUnixNano: unixNano(at),
    attributes: attributesOf({
      'http.request.method': 'POST',
      'http.route': record.route,
      'http.response.status_code': record.status,
      'client.address': who.ip === '' ? undefined : who.ip,
      'error.type': failure,
      'cordon.record.id': record.id,
      'cordon.outcome': record.outcome,
      'cordon.reason': record.reason,
      'cordon.principal.id': who.principal === '' ? undefined : who.principal,
      'cordon.key.id': who.key,
      'cordon.policy.digest': record.policy,
      'cordon.cost.usd': record.costMicros / 1_000_000,
      'cordon.guard.request.effect': record.request?.effect,
      'cordon.guard.request.score': record.request?.score,
      'cordon.guard.request.rules': record.request?.rules,
      'cordon.guard.response.effect': record.response?.effect,
      'cordon.guard.response.score': record.response?.score,
      'cordon.guard.response.rules': record.response?.rules,
    }),
    // Why not for what a client did wrong: on a server's span that is no error (HTTP conventions).
    status: record.status >= 500 ? ERROR : UNSET,
  };
  if (record.upstream === null || latency.upstream === null || operation === undefined) return [server];
  const call: OtlpSpan = {
    ...common,
    spanId: trace.upstreamSpanId,
    parentSpanId: trace.spanId,
    name: `${operation} ${record.upstreamModel ?? record.model}`,
    kind: CLIENT,
    startTimeUnixNano: unixNano(Math.max(at, end - latency.upstream)),
    attributes: attributesOf({
      [names.operation]: operation,
      [names.provider]: kind === undefined ? undefined : providerName(kind, names),
      [names.requestModel]: record.upstreamModel ?? record.model,
      [names.responseModel]: record.outcome === 'served' ? record.upstreamModel : undefined,
      [names.inputTokens]: usage?.inputTokens,
      [names.outputTokens]: usage?.outputTokens,
      ...(names.cachedTokens !== null && { [names.cachedTokens]: usage?.cachedTokens }),
      ...(names.stream !== null && { [names.stream]: record.stream }),
      ...(names.timeToFirstChunk !== null &&
        record.stream &&
        latency.firstByte !== null && { [names.timeToFirstChunk]: latency.firstByte / 1_000 }),
      [names.conversation]: record.session,
      'cordon.upstream.id': record.upstream,
      'cordon.upstream.attempts': record.attempts,
      'error.type': record.outcome === 'failed' ? failure : undefined,
    }),
    status: record.outcome === 'failed' ? ERROR : UNSET,
  };
  return [server, call];
}
