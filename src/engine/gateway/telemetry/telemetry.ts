import type { IncomingHttpHeaders } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { GatewayTelemetryConfig, OtlpConfig } from '../../../core/gateway-telemetry-config.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { ExchangeRecord } from '../audit/exchange-record.ts';
import { ExchangeMetrics } from './exchange-metrics.ts';
import { exchangeSpans } from './exchange-spans.ts';
import { gauges, type TelemetrySources } from './gauges.ts';
import { GENAI_NAMES } from './genai-conventions.ts';
import { GenAiMetrics } from './genai-metrics.ts';
import { mergeMetrics, type MetricData } from './metrics.ts';
import { attributesOf, metricsRequest, type OtlpResource, traceRequest } from './otlp-json.ts';
import { OtlpExporter } from './otlp-exporter.ts';
import { PROMETHEUS_TYPE, prometheusText } from './prometheus-text.ts';
import { type TraceContext, traceHeaders, traceOf } from './trace-context.ts';

/** What {@link openTelemetry} needs. */
export interface TelemetryOptions {
  readonly config: GatewayTelemetryConfig;
  readonly secrets: Pick<Secrets, 'get'>;
  readonly log: Logger;
  /** Kind of an upstream by its id. */
  readonly kindOf: (upstream: string) => string | undefined;
  readonly sources?: TelemetrySources;
  readonly version?: string;
  readonly now?: () => number;
}

/** Metrics and traces of the gateway. Nothing in them is text of a conversation. */
export interface Telemetry {
  /** The trace of a request, continued or begun. */
  trace(headers: IncomingHttpHeaders): TraceContext;
  /** Headers that pass it on to the upstream; none when the configuration says so. */
  traceHeaders(trace: TraceContext): Readonly<Record<string, string>>;
  /** An exchange is over. Takes about a microsecond; sends nothing. */
  observe(record: ExchangeRecord, trace?: TraceContext): void;
  /** Metrics of this process, to be merged with those of others by `mergeMetrics`. */
  metrics(): readonly MetricData[];
  /** Metrics for Prometheus. `others`: of the other worker processes. */
  renderMetrics(others?: readonly (readonly MetricData[])[]): Promise<{ readonly type: string; readonly text: string }>;
  /** Takes another configuration; what was counted stays. */
  reconfigure(config: GatewayTelemetryConfig): Promise<void>;
  /** Sends what waits to be sent. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Opens metrics, and traces where a collector is configured. */
export function openTelemetry(options: TelemetryOptions): Telemetry {
  const { secrets, log, kindOf, sources = {}, version = '0', now = Date.now } = options;
  let { config } = options;
  const exchanges = new ExchangeMetrics(config.maxLabelValues);
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  let names = GENAI_NAMES[config.conventions];
  let genAi = new GenAiMetrics(names, config.maxLabelValues);
  const since = now();
  let exporter = exporterOf(config.otlp);

  function all(): readonly MetricData[] {
    return [...exchanges.data(), ...gauges(sources, exporter === undefined ? undefined : { ...exporter.counts })];
  }

  function exporterOf(otlp: OtlpConfig | undefined): OtlpExporter | undefined {
    if (otlp === undefined) return undefined;
    const resource = (): OtlpResource => ({
      attributes: attributesOf({ 'service.name': config.serviceName, 'service.version': version, ...otlp.resource }),
      schemaUrl: names.schemaUrl,
      version,
    });
    return new OtlpExporter({
      config: otlp,
      headers: async () =>
        Object.fromEntries(
          await Promise.all(Object.entries(otlp.headers).map(async ([name, reference]) => [name, await secrets.get(reference)] as const)),
        ),
      spansRequest: (spans) => traceRequest(resource(), spans),
      metricsRequest: () => metricsRequest(resource(), [...genAi.data(), ...all()], since, now()),
      log,
    });
  }

  return {
    trace: (headers) => traceOf(headers, config.otlp?.traces === true ? config.otlp.sampleRatio : 0),
    traceHeaders: (trace) => (config.propagate ? traceHeaders(trace) : {}),
    observe(record, trace) {
      exchanges.observe(record);
      if (exporter === undefined) return;
      const kind = record.upstream === null ? undefined : kindOf(record.upstream);
      genAi.observe(record, kind);
      if (trace?.isSampled === true) exporter.add(exchangeSpans(record, trace, names, kind));
    },
    metrics: all,
    async renderMetrics(others) {
      const metrics = others === undefined ? all() : mergeMetrics([all(), ...others]);
      return { type: PROMETHEUS_TYPE, text: prometheusText(metrics) + (await own.metrics()) };
    },
    async reconfigure(next) {
      const isSame = JSON.stringify(next.otlp) === JSON.stringify(config.otlp);
      if (next.conventions !== config.conventions) {
        names = GENAI_NAMES[next.conventions];
        genAi = new GenAiMetrics(names, next.maxLabelValues);
      }
      config = next;
      if (isSame) return;
      const former = exporter;
      exporter = exporterOf(next.otlp);
      await former?.close();
    },
    flush: async () => exporter?.flush(),
    async close() {
      await exporter?.close();
      own.clear();
    },
  };
}
