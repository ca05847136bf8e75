import type { MetricData } from './metrics.ts';

/** OTLP as JSON (protobuf's JSON mapping with ids in hexadecimal, OTLP specification 1.x): 64-bit numbers are texts. */
export interface KeyValue {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean }
    | { readonly arrayValue: { readonly values: readonly { readonly stringValue: string }[] } };
}

/** A span. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2: server, 3: client. */
  readonly kind: 2 | 3;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  /** 0: unset, 2: error. */
  readonly status: { readonly code: 0 | 2; readonly message?: string };
  readonly flags: number;
}

/** Who tells. */
export interface OtlpResource {
  readonly attributes: readonly KeyValue[];
  readonly schemaUrl: string | null;
  readonly version: string;
}

type AttributeValue = string | number | boolean | readonly string[] | null | undefined;

/** Attributes from a plain object; what is null or undefined is left out. */
export function attributesOf(values: Readonly<Record<string, AttributeValue>>): readonly KeyValue[] {
  const attributes: KeyValue[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'string') attributes.push({ key, value: { stringValue: value } });
    else if (typeof value === 'boolean') attributes.push({ key, value: { boolValue: value } });
    else if (typeof value !== 'number')
      attributes.push({ key, value: { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } } });
    else if (Number.isSafeInteger(value)) attributes.push({ key, value: { intValue: `${value}` } });
    else attributes.push({ key, value: { doubleValue: value } });
  }
  return attributes;
}

/** Nanoseconds as a text. Why from milliseconds with a fraction: a number does not hold nanoseconds since 1970. */
export function unixNano(ms: number): string {
  const micros = Math.round((ms % 1_000) * 1_000);
  const seconds = Math.floor(ms / 1_000);
  return micros >= 1_000_000 ? `${seconds + 1}000000000` : `${seconds}${String(micros * 1_000).padStart(9, '0')}`;
}

/** An ExportTraceServiceRequest. */
export function traceRequest(resource: OtlpResource, spans: readonly OtlpSpan[]): object {
  const scope = { name: 'cordon.gateway', version: resource.version };
  const schema = resource.schemaUrl === null ? {} : { schemaUrl: resource.schemaUrl };
  return { resourceSpans: [{ resource: { attributes: resource.attributes }, scopeSpans: [{ scope, spans, ...schema }], ...schema }] };
}

const CUMULATIVE = 2;

/** An ExportMetricsServiceRequest: everything since `startMs`. */
export function metricsRequest(resource: OtlpResource, metrics: readonly MetricData[], startMs: number, nowMs: number): object {
  const times = { startTimeUnixNano: unixNano(startMs), timeUnixNano: unixNano(nowMs) };
  const scope = { name: 'cordon.gateway', version: resource.version };
  const schema = resource.schemaUrl === null ? {} : { schemaUrl: resource.schemaUrl };
  const told = metrics.filter(({ series }) => series.length > 0).map((data) => metricOf(data, times));
  return {
    resourceMetrics: [{ resource: { attributes: resource.attributes }, scopeMetrics: [{ scope, metrics: told, ...schema }], ...schema }],
  };
}

function metricOf({ metric, series }: MetricData, times: { readonly startTimeUnixNano: string; readonly timeUnixNano: string }): object {
  const { name, help, type, buckets } = metric;
  const attributes = (labels: readonly string[]): readonly KeyValue[] =>
    attributesOf(Object.fromEntries(metric.labels.map((label, index) => [label, labels[index] === '' ? undefined : labels[index]])));
  const unit = /seconds|duration|time_/.test(name) ? 's' : /token/.test(name) ? '{token}' : '1';
  if (type === 'histogram') {
    const dataPoints = series.map(({ labels, value, counts = [] }) => ({
      attributes: attributes(labels),
      ...times,
      count: `${counts.reduce((sum, count) => sum + count, 0)}`,
      sum: value,
      bucketCounts: counts.map(String),
      explicitBounds: buckets,
    }));
    return { name, description: help, unit, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
  }
  const dataPoints = series.map(({ labels, value }) => ({ attributes: attributes(labels), ...times, asDouble: value }));
  if (type === 'gauge') return { name, description: help, unit, gauge: { dataPoints } };
  return { name, description: help, unit, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
}
