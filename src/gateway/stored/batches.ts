import { writeJson } from '../../formats/exact-json/write-json.ts';
import { createHash } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { KeptObject } from '../../engine/gateway/objects/objects.ts';
import type { Price } from '../../engine/gateway/prices/price.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { readBody } from '../http/read-body.ts';
import { string } from '../json/fields.ts';
import { type JsonObject, parseObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { ask, objectIn, reply } from './ask.ts';
import type { BatchSums } from './batch-lines.ts';
import { admitStored, type AtMost, begin, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';

/** `POST /v1/batches`: the requests were guarded when their file came; what they come to at most is charged now. */
export async function createBatch(exchange: Exchange): Promise<void> {
  await begin(exchange);
  const { request, policy, services, call } = exchange;
  readQuery(request.url ?? '', []);
  const bytes = await readBody(request, policy.config.maxBodyBytes);
  exchange.requestSha256 = createHash('sha256').update(bytes).digest('hex');
  const body = parseObject(bytes);
  const file = await ownObject(exchange, { kind: 'file', id: string(body.input_file_id) });
  const sums = file.detail as BatchSums | null;
  if (file.purpose !== 'batch' || sums === null || sums.endpoint !== body.endpoint)
    throw new CordonError('request.invalid', 'input_file_id must be a file with the purpose batch, for the same endpoint');
  exchange.model = sums.model;
  // Why once more: what may be done can have changed since the file came.
  permit(exchange);
  if (!services.callers.may({ ...call, model: sums.model, route: sums.endpoint }))
    throw new CordonError('access.denied', `The credential does not allow ${sums.model} on ${sums.endpoint}.`);
  await admitStored(exchange, atMost(exchange, file.upstream, sums));
  const places = new Places();
  places.others(body, new Set(['input_file_id', 'endpoint']), 'user');
  const { decision } = await guardPlaces(guardOf(exchange), places, {});
  exchange.decided('request', decision);
  if (refuses(decision)) throw refusalOf('request', decision);
  const answered = await ask(exchange, file.upstream, { method: 'POST', path: '/batches', body: Buffer.from(writeJson(body)) });
  if (answered.status >= 400) exchange.usage = undefined;
  const made = objectIn(answered);
  if (answered.status < 400) await keepBatch(exchange, 'batch', made, file.upstream);
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
  const body = objectIn(answered);
  if (answered.status < 400) await keepResults(exchange, kept, body);
  await reply(exchange, guardOf(exchange), answered, body);
}

/** Files with results belong to whoever made the batch. */
export async function keepResults(exchange: Exchange, batch: KeptObject, body: JsonObject): Promise<void> {
  for (const field of ['output_file_id', 'error_file_id']) {
    const id = body[field];
    if (typeof id !== 'string' || id === '') continue;
    const isOwn = await exchange.services.objects.keep({
      ...batch,
      kind: 'file',
      id,
      purpose: 'batch_output',
      detail: null,
      madeAt: exchange.services.now(),
    });
    if (!isOwn) throw new CordonError('upstream.failed', 'the model provider named a file of somebody else');
  }
}

/** Writes down whose a batch is. Throws `upstream.failed` where it cannot be the caller's. */
export async function keepBatch(exchange: Exchange, kind: 'batch' | 'message-batch', body: JsonObject, upstream: string): Promise<void> {
  const { services, call, model } = exchange;
  const { id: principal } = call.caller.principal;
  const object: KeptObject = { kind, id: string(body.id), upstream, principal, model, purpose: '', detail: null, madeAt: services.now() };
  if (!(await services.objects.keep(object)))
    throw new CordonError('upstream.failed', 'the model provider gave the batch the id of another');
}

/** What all requests of a batch may come to. Why charged at once: nobody asks the gateway when they are answered. */
export function atMost({ services, policy }: Exchange, upstream: string, sums: BatchSums): AtMost {
  const target = services.upstreams.targetsOf(sums.model)?.find((one) => one.upstream === upstream);
  if (target === undefined) throw new CordonError('file.missing', `There is no model ${sums.model} for batches.`);
  const single = policy.prices.priceOf(target.kind, target.model);
  const price: Price | undefined = single === undefined ? undefined : { ...single, request: single.request * sums.lines };
  return { inputTokens: sums.inputTokens, outputTokens: sums.outputTokens, price };
}
