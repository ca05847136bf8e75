import { writeJson } from '../../formats/exact-json/write-json.ts';
import { CordonError } from '../../core/errors.ts';
import { messages } from '../anthropic/messages.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { bodyOf } from '../exchange/body-of.ts';
import { string } from '../json/fields.ts';
import { isObject, type JsonObject, parseObject } from '../json/parse-object.ts';
import { type Answered, ask, objectIn, reply } from './ask.ts';
import { BatchMeter } from './batch-meter.ts';
import { BatchLines } from './batch-lines.ts';
import { atMost, keepBatch } from './batches.ts';
import { asUpstreams, fetchFile, sendFile } from './file-content.ts';
import { rewriteLines } from './jsonl.ts';
import { admitStored, begin, chargeMost, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';
import { remove } from './responses.ts';
import { guardResultLine, type AnswerInLine } from './result-lines.ts';
import { batchSeen, settleCounted } from './settle-batch.ts';
import { whereKept } from './where-kept.ts';

const PATH = '/messages/batches';
/** Clients say by it that they use what is not settled yet; the headers say what. */
const BETA: readonly string[] = ['beta'];
/** Why: as many as a file of OpenAI has; each is guarded before any is sent. */
const MOST_REQUESTS = 50_000;
const CUSTOM_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** `POST /anthropic/v1/messages/batches`: every request as if it came by itself. */
export async function createMessageBatch(exchange: Exchange): Promise<void> {
  await begin(exchange);
  permit(exchange);
  const { request } = exchange;
  readQuery(request.url ?? '', BETA);
  const upstream = whereKept(exchange, 'anthropic');
  const bytes = await bodyOf(exchange);
  const { requests, ...others } = parseObject(bytes);
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > MOST_REQUESTS || Object.keys(others).length > 0)
    throw new CordonError('request.invalid', 'the body must hold requests and nothing else');
  const lines = new BatchLines(exchange, upstream);
  const guarded: JsonObject[] = [];
  for (const [at, one] of (requests as unknown[]).entries()) {
    const { custom_id, params, ...rest } = isObject(one) ? one : {};
    if (!CUSTOM_ID.test(string(custom_id)) || !isObject(params) || Object.keys(rest).length > 0)
      throw new CordonError('request.invalid', 'a request of a batch holds a plain custom_id and params, and nothing else');
    const length = Buffer.byteLength(writeJson(params));
    guarded.push({ custom_id, params: await lines.take('/anthropic/v1/messages', messages, params, length) });
    // Why: a large batch must not keep everybody else waiting.
    if (at % 20 === 19) await new Promise((settled) => setImmediate(settled));
  }
  const most = atMost(exchange, upstream, lines.sums);
  await admitStored(exchange, most);
  chargeMost(exchange, most);
  const answered = await ask(exchange, upstream, { method: 'POST', path: PATH, body: Buffer.from(writeJson({ requests: guarded })) });
  const made = objectIn(answered);
  if (answered.status < 400) await keepBatch(exchange, 'message-batch', made, most);
  await replyBatch(exchange, answered, made);
}

/** `GET /anthropic/v1/messages/batches/{id}`. */
export function getMessageBatch(exchange: Exchange, id: string): Promise<void> {
  return askBatch(exchange, id, 'GET', `${PATH}/${id}`);
}

/** `POST /anthropic/v1/messages/batches/{id}/cancel`. */
export function cancelMessageBatch(exchange: Exchange, id: string): Promise<void> {
  return askBatch(exchange, id, 'POST', `${PATH}/${id}/cancel`);
}

/** `DELETE /anthropic/v1/messages/batches/{id}`. */
export function deleteMessageBatch(exchange: Exchange, id: string): Promise<void> {
  return remove(exchange, 'message-batch', id, `${PATH}/${id}`, BETA);
}

/** `GET /anthropic/v1/messages/batches/{id}/results`, guarded line by line. */
export async function getMessageResults(exchange: Exchange, id: string): Promise<void> {
  const upstream = await upstreamOf(exchange, id);
  await fetchFile(exchange, upstream, `${PATH}/${id}/results`, async (file, written) => {
    const guard = guardOf(exchange);
    const due = await exchange.services.batches.find('message-batch', id);
    const meter = due === undefined ? undefined : new BatchMeter(due);
    await rewriteLines(file, written, (line) => {
      meter?.take(line);
      return guardResultLine(exchange, guard, line, answerIn(line), 'custom_id');
    }).catch(asUpstreams);
    if (due !== undefined && meter !== undefined) await settleCounted(exchange.services, due, meter);
    await sendFile(exchange, written, 'application/x-jsonl');
  });
}

async function askBatch(exchange: Exchange, id: string, method: 'GET' | 'POST', path: string): Promise<void> {
  const answered = await askOwn(exchange, id, method, path);
  const body = objectIn(answered);
  if (answered.status < 400) await batchSeen(exchange.services, 'message-batch', id, body);
  await replyBatch(exchange, answered, body);
}

async function askOwn(exchange: Exchange, id: string, method: 'GET' | 'POST', path: string): Promise<Answered> {
  return ask(exchange, await upstreamOf(exchange, id), { method, path });
}

/** Who keeps a batch of the caller's. */
async function upstreamOf(exchange: Exchange, id: string): Promise<string> {
  await begin(exchange);
  readQuery(exchange.request.url ?? '', BETA);
  const kept = await ownObject(exchange, { kind: 'message-batch', id });
  exchange.model = kept.model;
  permit(exchange);
  await admitStored(exchange);
  return kept.upstream;
}

async function replyBatch(exchange: Exchange, answered: Answered, body: JsonObject): Promise<void> {
  ownResultsUrl(body);
  await reply(exchange, guardOf(exchange), { ...answered, bytes: Buffer.from(writeJson(body)) }, body);
}

/** Why: clients fetch the results from this address, with their key; it must be ours, and no provider's. */
export function ownResultsUrl(body: JsonObject): void {
  if (body.results_url !== undefined && body.results_url !== null) body.results_url = `/v1/messages/batches/${string(body.id)}/results`;
}

function answerIn({ result }: JsonObject): AnswerInLine | undefined {
  const answer = isObject(result) ? result.message : undefined;
  return isObject(answer) ? { answer, protocol: messages } : undefined;
}
