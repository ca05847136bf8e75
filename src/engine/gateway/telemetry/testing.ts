import * as z from 'zod';

/**
 * The messages of OTLP 1.x that the gateway sends, in their JSON form, for tests: field names of common.proto, resource.proto, trace.proto
 * and metrics.proto, nothing else allowed.
 */
const Int64 = z.string().regex(/^\d{1,19}$/);
const TraceId = z.string().regex(/^(?!0+$)[0-9a-f]{32}$/);
const SpanId = z.string().regex(/^(?!0+$)[0-9a-f]{16}$/);
const AnyValue = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(z.strictObject({ stringValue: z.string() })) }) }),
]);
const Attributes = z.array(z.strictObject({ key: z.string().min(1), value: AnyValue }));
const Resource = z.strictObject({ attributes: Attributes });
const Scope = z.strictObject({ name: z.string(), version: z.string() });
const schemaUrl = z.url().optional();

const Span = z.strictObject({
  traceId: TraceId,
  spanId: SpanId,
  traceState: z.string().optional(),
  parentSpanId: SpanId.optional(),
  name: z.string().min(1),
  kind: z.int().min(0).max(5),
  startTimeUnixNano: Int64,
  endTimeUnixNano: Int64,
  attributes: Attributes,
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string().optional() }),
  flags: z.int(),
});

/** opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest */
export const TraceRequest = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: Resource,
      scopeSpans: z.array(z.strictObject({ scope: Scope, spans: z.array(Span), schemaUrl })),
      schemaUrl,
    }),
  ),
});

const Point = { attributes: Attributes, startTimeUnixNano: Int64, timeUnixNano: Int64 };
const NumberPoint = z.strictObject({ ...Point, asDouble: z.number() });
const HistogramPoint = z.strictObject({
  ...Point,
  count: Int64,
  sum: z.number(),
  bucketCounts: z.array(Int64),
  explicitBounds: z.array(z.number()),
});
const Temporality = z.literal(2);
const Metric = z.strictObject({
  name: z.string().min(1),
  description: z.string(),
  unit: z.string(),
  gauge: z.strictObject({ dataPoints: z.array(NumberPoint) }).optional(),
  sum: z.strictObject({ dataPoints: z.array(NumberPoint), aggregationTemporality: Temporality, isMonotonic: z.literal(true) }).optional(),
  histogram: z.strictObject({ dataPoints: z.array(HistogramPoint), aggregationTemporality: Temporality }).optional(),
});

/** opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest */
export const MetricsRequest = z.strictObject({
  resourceMetrics: z.array(
    z.strictObject({
      resource: Resource,
      scopeMetrics: z.array(z.strictObject({ scope: Scope, metrics: z.array(Metric), schemaUrl })),
      schemaUrl,
    }),
  ),
});
