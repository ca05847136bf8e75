import { writeJson } from '../../formats/exact-json/write-json.ts';
import { CordonError } from '../../core/errors.ts';
import type { KeptObject } from '../../engine/gateway/objects/objects.ts';
import type { BatchKind } from '../../engine/gateway/batches/batches.ts';
import { batchPrice, costOf, type Price } from '../../engine/gateway/prices/price.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { bodyOf } from '../exchange/body-of.ts';
import { string } from '../json/fields.ts';
import { type JsonObject, parseObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { ask, objectAbout, objectIn, reply } from './ask.ts';
import { type BatchSums, permitLines, permitTool } from './batch-lines.ts';
import { admitStored, type AtMost, begin, chargeMost, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';
import { isOver } from './batch-meter.ts';
import { batchSeen } from './settle-batch.ts';

/** Why no other: some servers take requests from elsewhere, where nobody has looked at them, or write results there. */
const FIELDS: ReadonlySet<string> = new Set(['input_file_id', 'endpoint', 'completion_window', 'metadata', 'output_expires_after']);

/** `POST /v1/batches`: the requests were guarded when their file came; what they come to at most is charged now. */
export async function createBatch(exchange: Exchange): Promise<void> {
  await begin(exchange);
  const { request } = exchange;
  readQuery(request.url ?? '', []);
  const bytes = await bodyOf(exchange);
  const body = parseObject(bytes);
  if (Object.keys(body).some((key) => !FIELDS.has(key)))
    throw new CordonError('request.invalid', 'the batch has a field that is not taken here');
  const file = await ownObject(exchange, { kind: 'file', id: string(body.input_file_id) });
  const sums = file.detail as BatchSums | null;
  if (file.purpose !== 'batch' || sums === null || sums.endpoint !== body.endpoint)
    throw new CordonError('request.invalid', 'input_file_id must be a file with the purpose batch, for the same endpoint');
  exchange.model = sums.model;
  // Why once more: what may be done can have changed since the file came.
  permit(exchange);
  permitLines(exchange, sums.endpoint);
  for (const tool of sums.tools ?? []) permitTool(exchange, tool);
  for (const model of sums.toolModels ?? []) permitLines(exchange, sums.endpoint, model);
  if (sums.policy !== guardOf(exchange, sums.endpoint).policyDigest)
    throw new CordonError('request.invalid', 'other rules count by now than when the file was read: send it once more');
  const most = atMost(exchange, file.upstream, sums);
  await admitStored(exchange, most);
  const places = new Places();
  places.others(body, new Set(['input_file_id', 'endpoint']), 'user');
  const { decision } = await guardPlaces(guardOf(exchange), places, {});
  exchange.decided('request', decision);
  if (refuses(decision)) throw refusalOf('request', decision);
  chargeMost(exchange, most);
  const answered = await ask(exchange, file.upstream, { method: 'POST', path: '/batches', body: Buffer.from(writeJson(body)) });
  const made = objectIn(answered);
  if (answered.status < 400) await keepBatch(exchange, 'batch', made, most);
  await reply(exchange, guardOf(exchange), answered, made);
}

/** `GET /v1/batches/{id}`. */
export function getBatch(exchange: Exchange, id: string): Promise<void> {
  return askBatch(exchange, id, 'GET', `/batches/${id}`);
}

/** `POST /v1/batches/{id}/cancel`. */
export function cancelBatch(exchange: Exchange, id: string): Promise<void> {
  return askBatch(exchange, id, 'POST', `/batches/${id}/cancel`);
}

async function askBatch(exchange: Exchange, id: string, method: 'GET' | 'POST', path: string): Promise<void> {
  await begin(exchange);
  readQuery(exchange.request.url ?? '', []);
  const kept = await ownObject(exchange, { kind: 'batch', id });
  exchange.model = kept.model;
  permit(exchange);
  await admitStored(exchange);
  const answered = await ask(exchange, kept.upstream, { method, path });
  const body = objectAbout(answered, id);
  if (answered.status < 400) {
    await keepResults(exchange, kept, body);
    await batchSeen(exchange.services, 'batch', id, body);
  }
  await reply(exchange, guardOf(exchange), answered, body);
}

/** Files with results belong to whoever made the batch. */
export async function keepResults(exchange: Exchange, batch: KeptObject, body: JsonObject): Promise<void> {
  // Why not before: whoever counts half of the results takes them for all.
  if (!isOver('batch', body)) return;
  for (const field of ['output_file_id', 'error_file_id']) {
    const id = body[field];
    if (typeof id !== 'string' || id === '') continue;
    const isOwn = await exchange.services.objects.keep({
      ...batch,
      kind: 'file',
      id,
      purpose: 'batch_output',
      // Why not of errors: what they cost is nothing, and it must not be taken for what all of it did.
      detail: { ...endpointOf(batch), ...(field === 'output_file_id' && { batch: batch.id }) } satisfies ResultsDetail,
      madeAt: exchange.services.now(),
    });
    if (!isOwn) throw new CordonError('upstream.failed', 'the model provider named a file of somebody else');
  }
}

/** What is remembered of a file of results. */
export interface ResultsDetail {
  /** Id of the batch. */
  readonly batch?: string;
  /** What its requests were for. */
  readonly endpoint?: string;
}

/** What the requests of a batch are for, as far as it is remembered. */
function endpointOf({ detail }: KeptObject): Pick<ResultsDetail, 'endpoint'> {
  const { endpoint } = (detail ?? {}) as ResultsDetail;
  return endpoint === undefined ? {} : { endpoint };
}

/** What the requests of a batch may come to, and where. */
export interface BatchMost extends AtMost {
  readonly target: Target;
  readonly endpoint: string;
  readonly requests: number;
  /** Of one request. */
  readonly single: Price | undefined;
}

/** Writes down whose a batch is, and what it was charged. Throws `upstream.failed` where it cannot be the caller's. */
export async function keepBatch(exchange: Exchange, kind: BatchKind, body: JsonObject, most: BatchMost): Promise<void> {
  const { services, call, model, usage, price, admission, route, session } = exchange;
  const { principal, key, teams, ip } = call.caller;
  const { upstream, model: upstreamModel } = most.target;
  const id = string(body.id);
  const madeAt = services.now();
  const detail: Pick<ResultsDetail, 'endpoint'> = { endpoint: most.endpoint };
  if (!(await services.objects.keep({ kind, id, upstream, principal: principal.id, model, purpose: '', detail, madeAt })))
    throw new CordonError('upstream.failed', 'the model provider gave the batch the id of another');
  if (usage === undefined || admission === undefined) return;
  await services.batches.keep({
    kind,
    id,
    upstream,
    upstreamModel,
    route: route.pattern,
    model,
    who: { principal: principal.id, name: principal.name, key, teams, ip },
    session: session ?? null,
    requests: most.requests,
    price: most.single,
    atMost: usage,
    charged: price === undefined ? 0 : costOf(price, usage),
    budgets: admission.budgets,
    madeAt,
  });
  exchange.isDeferred = true;
}

/** What all requests of a batch may come to, by the price of batches. */
export function atMost({ services, policy }: Exchange, upstream: string, sums: BatchSums): BatchMost {
  const target = services.upstreams.targetsOf(sums.model)?.find((one) => one.upstream === upstream);
  if (target === undefined) throw new CordonError('file.missing', `There is no model ${sums.model} for batches.`);
  const listed = policy.prices.priceOf(target.kind, target.model);
  const single = listed === undefined ? undefined : batchPrice(listed);
  const price = single === undefined ? undefined : { ...single, request: single.request * sums.lines };
  return {
    inputTokens: sums.inputTokens,
    outputTokens: sums.outputTokens,
    price,
    single,
    target,
    endpoint: sums.endpoint,
    requests: sums.lines,
  };
}
