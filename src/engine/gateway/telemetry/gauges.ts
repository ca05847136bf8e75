import type { AuditState } from '../audit/audit.ts';
import type { SharingState } from '../limits/limits.ts';
import type { UpstreamHealth } from '../upstreams/upstreams.ts';
import type { ExportCounts } from './otlp-exporter.ts';
import type { Metric, MetricData, Series } from './metrics.ts';

/** What is asked when metrics are read. */
export interface TelemetrySources {
  readonly upstreams?: () => readonly UpstreamHealth[];
  readonly audit?: () => AuditState;
  readonly sharing?: () => readonly SharingState[];
}

const STATES = ['closed', 'half-open', 'open', 'ejected'] as const;
const SHARING_STATES = ['connected', 'lost', 'refusing'] as const;

/** The state of the parts of the gateway, as metrics. */
export function gauges(sources: TelemetrySources, otlp: Readonly<Record<string, ExportCounts>> | undefined): readonly MetricData[] {
  return [
    ...upstreamGauges(sources.upstreams?.() ?? []),
    ...auditGauges(sources.audit?.()),
    ...sharingGauges(sources.sharing?.() ?? []),
    ...otlpGauges(otlp),
  ];
}

function upstreamGauges(upstreams: readonly UpstreamHealth[]): readonly MetricData[] {
  const targets = upstreams.flatMap(({ targets: all }) => all);
  return [
    gauge(
      'cordon_gateway_upstream_usable',
      'Whether an upstream can be used at all: 0 without a credential.',
      ['upstream'],
      upstreams.map(({ id, problem }) => [[id], problem === undefined ? 1 : 0]),
      'max',
    ),
    gauge(
      'cordon_gateway_upstream_state',
      'State of the circuit breaker of a target: 1 for the one that it is in.',
      ['upstream', 'model', 'state'],
      targets.flatMap(({ upstream, model, state }) =>
        STATES.map((one): [string[], number] => [[upstream, model, one], one === state ? 1 : 0]),
      ),
      'max',
    ),
    gauge(
      'cordon_gateway_upstream_in_flight',
      'Requests under way at a target.',
      ['upstream', 'model'],
      targets.map(({ upstream, model, inFlight }) => [[upstream, model], inFlight]),
    ),
    gauge(
      'cordon_gateway_upstream_latency_seconds',
      'Moving average of the time to the first byte.',
      ['upstream', 'model'],
      targets.map(({ upstream, model, latencyMs }) => [[upstream, model], latencyMs / 1_000]),
      'max',
    ),
    counter(
      'cordon_gateway_upstream_requests_total',
      'Requests to a target, attempts included.',
      ['upstream', 'model'],
      targets.map(({ upstream, model, requests }) => [[upstream, model], requests]),
    ),
    counter(
      'cordon_gateway_upstream_failures_total',
      'Requests to a target that failed.',
      ['upstream', 'model'],
      targets.map(({ upstream, model, failures }) => [[upstream, model], failures]),
    ),
    counter(
      'cordon_gateway_upstream_retries_denied_total',
      'Retries that the budget for retries did not allow.',
      ['upstream'],
      upstreams.map(({ id, retriesDenied }) => [[id], retriesDenied]),
    ),
  ];
}

function auditGauges(state: AuditState | undefined): readonly MetricData[] {
  if (state === undefined) return [];
  return [
    counter('cordon_gateway_audit_accepted_total', 'Records that were accepted.', [], [[[], state.appended]]),
    counter('cordon_gateway_audit_stored_total', 'Records that are in the database and the ledger.', [], [[[], state.stored]]),
    counter('cordon_gateway_audit_lost_total', 'Records that could not be written.', [], [[[], state.lost]]),
    gauge('cordon_gateway_audit_journal_bytes', 'What waits on the disk for the database.', [], [[[], state.journalBytes]]),
    gauge(
      'cordon_gateway_audit_failing',
      'Whether records cannot be written or stored now.',
      [],
      [[[], state.problem === null ? 0 : 1]],
      'max',
    ),
  ];
}

function sharingGauges(states: readonly SharingState[]): readonly MetricData[] {
  return [
    gauge(
      'cordon_gateway_limits_store_state',
      'How it stands with the place that counters of limits are shared in: 1 for the state that it is in.',
      ['store', 'state'],
      states.flatMap(({ store, state }) => SHARING_STATES.map((one): [string[], number] => [[store, one], one === state ? 1 : 0])),
      'max',
    ),
  ];
}

function otlpGauges(counts: Readonly<Record<string, ExportCounts>> | undefined): readonly MetricData[] {
  if (counts === undefined) return [];
  const each = Object.entries(counts);
  return [
    counter(
      'cordon_telemetry_sent_total',
      'Spans and reports of metrics that the collector took.',
      ['signal'],
      each.map(([signal, { sent }]) => [[signal], sent]),
    ),
    counter(
      'cordon_telemetry_dropped_total',
      'Those that were dropped.',
      ['signal'],
      each.map(([signal, { dropped }]) => [[signal], dropped]),
    ),
  ];
}

type Values = readonly (readonly [labels: readonly string[], value: number])[];

function gauge(name: string, help: string, labels: readonly string[], values: Values, merge: 'sum' | 'max' = 'sum'): MetricData {
  return data({ name, help, type: 'gauge', labels, merge }, values);
}

function counter(name: string, help: string, labels: readonly string[], values: Values): MetricData {
  return data({ name, help, type: 'counter', labels }, values);
}

function data(metric: Metric, values: Values): MetricData {
  return { metric, series: values.map(([labels, value]): Series => ({ labels, value })) };
}
