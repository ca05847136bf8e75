import { BATCH_SETTLED } from '../../engine/gateway/audit/exchange-record.ts';
import type { BatchDue, BatchKind, BatchSpent } from '../../engine/gateway/batches/batches.ts';
import { newId } from '../../store/ids.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { GatewayServices } from '../services.ts';
import { BatchMeter, isOver } from './batch-meter.ts';

/** What settling needs. */
export type SettlingServices = Pick<GatewayServices, 'batches' | 'audit' | 'telemetry' | 'now'>;

/** Charges what a batch really came to, gives the rest of the money back, and writes the record of it. Only the first time counts. */
export async function settleBatch(services: SettlingServices, due: BatchDue, { usage, costMicros }: BatchSpent): Promise<void> {
  if (!(await services.batches.settle(due, { usage, costMicros }))) return;
  const record = {
    id: newId(),
    at: services.now(),
    who: due.who,
    route: due.route,
    protocol: due.kind === 'batch' ? 'openai' : 'anthropic',
    model: due.model,
    upstream: due.upstream,
    upstreamModel: due.upstreamModel,
    stream: false,
    status: 200,
    outcome: 'served',
    reason: BATCH_SETTLED,
    policy: null,
    request: null,
    response: null,
    usage,
    costMicros,
    latency: { total: 0, firstByte: null, upstream: null },
    requestSha256: null,
    responseSha256: null,
    session: due.session,
    attempts: 0,
  } as const;
  services.telemetry.observe(record);
  await services.audit.append(record);
}

/** Settles a batch by its results, if they were such, and all of them. */
export async function settleCounted(services: SettlingServices, due: BatchDue, meter: BatchMeter): Promise<void> {
  if (meter.isReadable && meter.isWhole) await settleBatch(services, due, meter.spent);
}

/**
 * Notes what a client was told of a batch: one that is over without results is settled at once, one with results soon, if the client does
 * not fetch them before.
 */
export async function batchSeen(services: SettlingServices, kind: BatchKind, id: string, body: JsonObject): Promise<void> {
  if (!isOver(kind, body)) return;
  if (hasResults(kind, body)) return services.batches.hurry(kind, id);
  const due = await services.batches.find(kind, id);
  if (due !== undefined) await settleBatch(services, due, new BatchMeter(due).spent);
}

/** Whether there is a file of results: where all lines failed, there is none. */
export function hasResults(kind: BatchKind, { output_file_id: file, results_url: url }: JsonObject): boolean {
  const place = kind === 'batch' ? file : url;
  return typeof place === 'string' && place !== '';
}
