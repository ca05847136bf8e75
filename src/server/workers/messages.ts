import type { MetricData } from '../../engine/gateway/telemetry/metrics.ts';

/** What a worker process tells the process that started it. */
export type FromWorker =
  | { readonly cordon: 'ready' }
  /** Asks for the metrics of the others. */
  | { readonly cordon: 'ask-metrics'; readonly question: number }
  | { readonly cordon: 'my-metrics'; readonly question: string; readonly metrics: readonly MetricData[] };

/** What it is told. */
export type ToWorker =
  | { readonly cordon: 'give-metrics'; readonly question: string }
  | { readonly cordon: 'other-metrics'; readonly question: number; readonly metrics: readonly (readonly MetricData[])[] };

/** The variable by which a worker process learns which one it is: number and count, with a slash between. */
export const WORKER_VARIABLE = 'CORDON_WORKER';
