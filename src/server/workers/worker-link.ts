import cluster from 'node:cluster';
import type { MetricData } from '../../engine/gateway/telemetry/metrics.ts';
import { type FromWorker, type ToWorker, WORKER_VARIABLE } from './messages.ts';

/** Which of the processes of a server this is. */
export interface WorkerPlace {
  /** From 0. The first one does what only one may do. */
  readonly number: number;
  readonly count: number;
}

/** The way of a worker process to the others. */
export interface WorkerLink {
  readonly place: WorkerPlace;
  /** Requests are answered from now on. `metrics`: those of this process. */
  ready(metrics: () => readonly MetricData[]): void;
  /** Metrics of the others; of those that do not answer within a second, none. */
  otherMetrics(): Promise<readonly (readonly MetricData[])[]>;
}

/** Why longer than the other side waits: then it answers with what it has. */
const WAIT_MS = 2_000;

/** The link of this process; undefined where it is no worker. */
export function workerLink(): WorkerLink | undefined {
  const [, number, count] = /^(\d{1,3})\/(\d{1,3})$/.exec(process.env[WORKER_VARIABLE] ?? '') ?? [];
  if (!cluster.isWorker || number === undefined || count === undefined) return undefined;
  const waiting = new Map<number, (metrics: readonly (readonly MetricData[])[]) => void>();
  let questions = 0;
  let own: () => readonly MetricData[] = () => [];
  const tell = (message: FromWorker): void => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (message: ToWorker) => {
    if (message.cordon === 'give-metrics') tell({ cordon: 'my-metrics', question: message.question, metrics: own() });
    if (message.cordon === 'other-metrics') waiting.get(message.question)?.(message.metrics);
  });
  return {
    place: { number: Number(number), count: Number(count) },
    ready(metrics) {
      own = metrics;
      tell({ cordon: 'ready' });
    },
    async otherMetrics() {
      const question = questions++;
      const answer = new Promise<readonly (readonly MetricData[])[]>((settled) => {
        waiting.set(question, settled);
        setTimeout(settled, WAIT_MS, []).unref();
      });
      tell({ cordon: 'ask-metrics', question });
      try {
        return await answer;
      } finally {
        waiting.delete(question);
      }
    },
  };
}
