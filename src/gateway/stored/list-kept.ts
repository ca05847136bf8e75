import { CordonError } from '../../core/errors.ts';
import type { KeptObject } from '../../engine/gateway/objects/objects.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refuses } from '../guarding/refusal.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { ask, objectIn, replyOwn } from './ask.ts';
import { keepResults } from './batches.ts';
import { ownResultsUrl } from './message-batches.ts';
import { admitStored, begin, guardOf, permit } from './permit.ts';
import { pageSize, readQuery } from './query.ts';

/** Why: each is asked for by itself, because a list of the provider holds what belongs to others. */
const MOST_OF_PAGE = 20;

/** `GET /v1/files`. */
export function listFiles(exchange: Exchange): Promise<void> {
  return listKept(exchange, 'file', '/files', ['after', 'limit', 'order', 'purpose']);
}

/** `GET /v1/batches`. */
export function listBatches(exchange: Exchange): Promise<void> {
  return listKept(exchange, 'batch', '/batches', ['after', 'limit']);
}

/** `GET /anthropic/v1/messages/batches`. */
export function listMessageBatches(exchange: Exchange): Promise<void> {
  return listKept(exchange, 'message-batch', '/messages/batches', ['after_id', 'before_id', 'limit', 'beta']);
}

/** What is the caller's own, page by page. */
async function listKept(exchange: Exchange, kind: KeptObject['kind'], path: string, allowed: readonly string[]): Promise<void> {
  await begin(exchange);
  const query = readQuery(exchange.request.url ?? '', allowed);
  permit(exchange);
  await admitStored(exchange);
  const limit = pageSize(query, MOST_OF_PAGE);
  const order = query.get('order')?.[0] ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw new CordonError('request.invalid', 'order must be asc or desc');
  const before = query.get('before_id')?.[0];
  const after = before ?? query.get('after_id')?.[0] ?? query.get('after')?.[0];
  const { id: principal } = exchange.call.caller.principal;
  const direction = before === undefined ? order : order === 'asc' ? 'desc' : 'asc';
  const found = await exchange.services.objects.list({
    kind,
    principal,
    purpose: query.get('purpose')?.[0],
    after,
    order: direction,
    limit: limit + 1,
  });
  const page = before === undefined ? found.slice(0, limit) : found.slice(0, limit).toReversed();
  const data: JsonObject[] = [];
  for (const kept of page) {
    // Why left out: by its id it would be refused.
    if (!exchange.services.callers.may({ ...exchange.call, model: kept.model })) continue;
    const body = await oneOf(exchange, kept, path);
    if (body !== undefined) data.push(body);
  }
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  await replyOwn(exchange, { object: 'list', data, ...ends, has_more: found.length > limit });
}

/** An object as the provider describes it now; undefined: it is not there any more, or not to be seen. */
async function oneOf(exchange: Exchange, kept: KeptObject, path: string): Promise<JsonObject | undefined> {
  const answered = await ask(exchange, kept.upstream, { method: 'GET', path: `${path}/${kept.id}` });
  if (answered.status === 404) {
    await exchange.services.objects.forget(kept.kind, kept.id);
    return undefined;
  }
  if (answered.status >= 400) throw new CordonError('upstream.failed', 'the model provider did not say what became of one of them');
  const body = objectIn(answered);
  if (body.id !== kept.id) throw new CordonError('upstream.failed', 'the model provider answered about something else');
  ownResultsUrl(body);
  if (kept.kind === 'batch') await keepResults(exchange, kept, body);
  const places = new Places();
  places.others(body, new Set(), 'document');
  const { decision } = await guardPlaces(guardOf(exchange), places, {});
  if (exchange.responseDecision === undefined || decision.effect !== 'allow') exchange.decided('response', decision);
  return refuses(decision) ? undefined : body;
}
