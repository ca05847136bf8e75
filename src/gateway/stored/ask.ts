import { writeJson } from '../../formats/exact-json/write-json.ts';
import { CordonError } from '../../core/errors.ts';
import { wasNotBegun } from '../../engine/gateway/upstreams/not-begun.ts';
import type { Sending, Streamed, Target, UpstreamRequest } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { requireGoing } from '../exchange/require-going.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { asCordonError } from '../http/error-reply.ts';
import { outcomeOfAnswer } from '../http/outcome.ts';
import { upstreamHeaders } from '../http/request-headers.ts';
import { type JsonObject, parseObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Spool } from '../spool/spool.ts';

/** An answer of a provider, whole. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** What is asked about something that a provider keeps. */
export interface Question {
  readonly method: UpstreamRequest['method'];
  readonly path: string;
  readonly body?: Buffer | Streamed;
  readonly contentType?: string;
}

/** Why: what a provider says about its operator's credential is nothing for clients. */
const CREDENTIAL_STATUSES: ReadonlySet<number> = new Set([401, 403, 407]);

/** The request for a question, as upstreams take it. */
export function requestFor(
  { request, route, call }: Exchange,
  { method, path, body, contentType }: Question,
  stream = false,
): UpstreamRequest {
  const family = route.family === 'anthropic' ? 'anthropic' : 'openai';
  const { 'content-type': _, 'idempotency-key': key, ...headers } = upstreamHeaders(request.headers, family, call.caller.principal.id);
  if (key !== undefined && method === 'POST') headers['idempotency-key'] = key;
  if (body !== undefined) headers['content-type'] = contentType ?? 'application/json';
  return {
    protocol: family,
    path,
    method,
    headers,
    body: () => body ?? Buffer.alloc(0),
    // Why: a second upload or batch is one too many.
    idempotent: method !== 'POST',
    stream,
  };
}

/** Asks an upstream, waits for the whole answer. Rejects with `upstream.failed`, and when the exchange is cut or the client leaves. */
export async function ask(exchange: Exchange, upstream: string, question: Question): Promise<Answered> {
  const chunks: Buffer[] = [];
  const take = (chunk: Buffer): undefined => void chunks.push(chunk);
  const answered = await asked(exchange, upstream, requestFor(exchange, question), take);
  return { ...answered, bytes: Buffer.concat(chunks) };
}

/** Why: an error says what is wrong in a few words. */
const MOST_ERROR_BYTES = 1024 * 1024;

/** {@link ask} for an answer that is a file, and may be long: it goes into `file` as fast as the disk takes it, errors do not. */
export async function askForFile(exchange: Exchange, upstream: string, question: Question, file: Spool): Promise<Answered> {
  const request = { ...requestFor(exchange, question), maxResponseBytes: exchange.policy.config.maxFileBytes };
  const errors: Buffer[] = [];
  let length = 0;
  let writing = Promise.resolve();
  const answered = await asked(exchange, upstream, request, (chunk, status) => {
    if (status < 400) return (writing = writing.then(() => file.write(chunk)));
    if ((length += chunk.length) > MOST_ERROR_BYTES) throw new CordonError('upstream.failed', 'the model provider sent a long error');
    errors.push(chunk);
    return undefined;
  });
  return { ...answered, bytes: Buffer.concat(errors) };
}

/** `take` may return what is to be waited for before more comes; settles when all of the answer was taken. */
function asked(
  exchange: Exchange,
  upstream: string,
  request: UpstreamRequest,
  take: (chunk: Buffer, status: number) => Promise<void> | undefined,
): Promise<Omit<Answered, 'bytes'>> {
  requireGoing(exchange);
  const began = performance.now();
  return new Promise((settle, fail) => {
    // Why set at first: an upstream may refuse before it returns.
    let sending = undefined as Sending | undefined;
    let status = 0;
    let headers: Readonly<Record<string, string>> = {};
    let taking: Promise<void> = Promise.resolve();
    const stop = (error: CordonError): void => {
      if (wasNotBegun(error)) exchange.usage = undefined;
      exchange.response.off('close', left);
      exchange.cut = undefined;
      sending?.abort(error.code);
      fail(error);
    };
    const stopFor = (error: unknown): void => stop(asCordonError(error));
    const left = (): void => stop(new CordonError('request.invalid', 'the client left'));
    const end = (): void => {
      exchange.response.off('close', left);
      exchange.cut = undefined;
      exchange.attempts = sending?.attempts ?? 0;
      // Why: what was turned down was not begun, and costs nothing.
      if (status >= 300) exchange.usage = undefined;
      if (CREDENTIAL_STATUSES.has(status))
        fail(new CordonError('upstream.failed', 'the model provider refused the credential of the gateway'));
      else if (status >= 300 && status < 400) fail(new CordonError('upstream.failed', 'the model provider answered with a redirect'));
      else settle({ status, headers });
    };
    sending = exchange.services.upstreams.sendTo(upstream, request, {
      head(code: number, passed, target: Target) {
        status = code;
        headers = passed;
        exchange.target = target;
        exchange.upstreamMs = Math.round(performance.now() - began);
      },
      data(chunk) {
        try {
          const wait = take(chunk, status);
          if (wait === undefined) return true;
          taking = wait;
          wait.then(() => sending?.resume(), stopFor);
        } catch (error) {
          stopFor(error);
        }
        return false;
      },
      end: () => void taking.then(end, stopFor),
      error: stop,
    });
    exchange.cut = stop;
    exchange.response.once('close', left);
  });
}

/** An object of an answer. Throws `upstream.failed`. */
export function objectIn({ bytes }: Answered): JsonObject {
  try {
    return parseObject(bytes);
  } catch (cause) {
    throw new CordonError('upstream.failed', 'the model provider sent an answer that is no JSON object', { cause });
  }
}

/** {@link objectIn}, about the object that was asked for. Why: an answer about another one may be about somebody else's. */
export function objectAbout(answered: Answered, id: string): JsonObject {
  const body = objectIn(answered);
  if (answered.status < 400 && body.id !== id) throw new CordonError('upstream.failed', 'the model provider answered about something else');
  return body;
}

/** Guards an answer and sends it. Throws `gateway.refused`. */
export async function reply(exchange: Exchange, guard: Guard, answered: Answered, body: JsonObject = objectIn(answered)): Promise<void> {
  const { response, id, admission } = exchange;
  const { status } = answered;
  const places = new Places();
  places.others(body, new Set(), 'document');
  const { decision, changed } = await guardPlaces(guard, places, {});
  exchange.decided('response', decision);
  if (refuses(decision)) throw refusalOf('response', decision);
  const bytes = changed ? Buffer.from(writeJson(body)) : answered.bytes;
  exchange.answering(bytes);
  await exchange.finish(outcomeOfAnswer(status), status, status < 400 ? null : 'upstream.refused');
  const headers = { ...admission?.headers, 'content-type': 'application/json', 'content-length': bytes.length, 'x-cordon-request-id': id };
  response.writeHead(status, headers).end(bytes);
}

/** Sends an answer of the gateway's own making. */
export async function replyOwn(exchange: Exchange, body: object): Promise<void> {
  const bytes = Buffer.from(writeJson(body));
  const { response, id, admission } = exchange;
  exchange.answering(bytes);
  await exchange.finish('served', 200, null);
  const headers = { ...admission?.headers, 'content-type': 'application/json', 'content-length': bytes.length, 'x-cordon-request-id': id };
  response.writeHead(200, headers).end(bytes);
}
