import { CordonError } from '../../core/errors.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { ObjectKind } from '../../engine/gateway/objects/objects.ts';
import { deliver } from '../exchange/deliver.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { openToolCalls } from '../exchange/tool-calls.ts';
import { chat } from '../openai/chat.ts';
import { readItems } from '../openai/responses-places.ts';
import { responses } from '../openai/responses.ts';
import { Places } from '../places/places.ts';
import type { Protocol } from '../protocol.ts';
import { ask, objectIn, type Question, reply, requestFor } from './ask.ts';
import { NO_REQUEST } from './no-request.ts';
import { admitStored, begin, guardOf, permit } from './permit.ts';
import { readAgain } from './read-again.ts';
import { queryText, readQuery } from './query.ts';
import { ownObject } from './references.ts';

/** What a response was made from: every item, whoever said it. */
const inputItems: Protocol = {
  ...responses,
  reply(body) {
    const places = new Places();
    if (Array.isArray(body.data)) readItems(places, body.data as unknown[], 'user');
    else places.rest(body, 'data', 'document');
    places.others(body, new Set(['data']), 'document');
    return { places, calls: [], usage: undefined };
  },
  refusesAnswers: true,
};

/** `GET /v1/responses/{id}`, streamed where it is asked for. */
export async function getResponse(exchange: Exchange, id: string): Promise<void> {
  return again(exchange, { kind: 'response', id, protocol: responses, method: 'GET', path: `/responses/${id}`, allowed: OF_RESPONSE });
}

/** `POST /v1/responses/{id}/cancel`. */
export function cancelResponse(exchange: Exchange, id: string): Promise<void> {
  return again(exchange, { kind: 'response', id, protocol: responses, method: 'POST', path: `/responses/${id}/cancel`, allowed: [] });
}

/** `GET /v1/responses/{id}/input_items`. */
export function listInputItems(exchange: Exchange, id: string): Promise<void> {
  const path = `/responses/${id}/input_items`;
  return again(exchange, { kind: 'response', id, protocol: inputItems, method: 'GET', path, allowed: OF_LIST });
}

/** `GET /v1/chat/completions/{id}`. */
export function getCompletion(exchange: Exchange, id: string): Promise<void> {
  return again(exchange, {
    kind: 'completion',
    id,
    protocol: chat,
    method: 'GET',
    path: `/chat/completions/${id}`,
    allowed: [],
  });
}

const OF_RESPONSE = ['include[]', 'include', 'stream', 'starting_after', 'include_obfuscation'];
const OF_LIST = ['after', 'before', 'limit', 'order', 'include[]', 'include'];

interface Asked extends Question {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly protocol: Protocol;
  /** Parameters that may be in the address. */
  readonly allowed: readonly string[];
}

/** Brings something that a provider kept to who made it, guarded as when it was made: rules may be others by now. */
async function again(exchange: Exchange, { kind, id, protocol, allowed, ...question }: Asked): Promise<void> {
  await begin(exchange);
  const { starting_after: after, ...asked } = Object.fromEntries(readQuery(exchange.request.url ?? '', allowed));
  const query = new Map(Object.entries(asked));
  const kept = await ownObject(exchange, { kind, id });
  exchange.model = kept.model;
  exchange.stream = query.get('stream')?.[0] === 'true';
  permit(exchange);
  await admitStored(exchange);
  const guard = guardOf(exchange);
  const target: Target = { upstream: kept.upstream, kind: 'openai-compatible', model: kept.model, protocol: 'openai' };
  const guarding = {
    exchange,
    protocol: protocol === inputItems ? protocol : readAgain(protocol, id, eventNumber(after?.[0])),
    guard,
    call: {},
    toolCalls: await openToolCalls(exchange, guard, NO_REQUEST, kind === 'response' ? id : undefined),
    restored: undefined,
    addedUsage: false,
    keep: undefined,
    pinned: target,
  };
  const request = requestFor(exchange, { ...question, path: `${question.path}${queryText(query)}` }, exchange.stream);
  await deliver(guarding, request, undefined, { inputTokens: 0, outputTokens: 0, choices: 1 });
}

/** The event behind which a client goes on. Throws `request.invalid`. */
function eventNumber(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,9}$/.test(text))
    throw new CordonError('request.invalid', 'starting_after must be the number of an event');
  return text === undefined ? undefined : Number(text);
}

/** `DELETE /v1/responses/{id}`. */
export function deleteResponse(exchange: Exchange, id: string): Promise<void> {
  return remove(exchange, 'response', id, `/responses/${id}`);
}

/** `DELETE /v1/chat/completions/{id}`. */
export function deleteCompletion(exchange: Exchange, id: string): Promise<void> {
  return remove(exchange, 'completion', id, `/chat/completions/${id}`);
}

/** Has a provider remove something that is the caller's. */
export async function remove(
  exchange: Exchange,
  kind: ObjectKind,
  id: string,
  path: string,
  allowed: readonly string[] = [],
): Promise<void> {
  await begin(exchange);
  readQuery(exchange.request.url ?? '', allowed);
  const kept = await ownObject(exchange, { kind, id });
  exchange.model = kept.model;
  permit(exchange);
  await admitStored(exchange);
  const answered = await ask(exchange, kept.upstream, { method: 'DELETE', path });
  const body = objectIn(answered);
  if (answered.status < 400 || answered.status === 404) await exchange.services.objects.forget(kind, id);
  await reply(exchange, guardOf(exchange), answered, body);
}
