import { CordonError } from '../../core/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { ask, reply } from './ask.ts';
import { BatchMeter } from './batch-meter.ts';
import type { ResultsDetail } from './batches.ts';
import { protocolOfAnswer } from './batch-protocols.ts';
import { isText } from './files.ts';
import { rewriteLines } from './jsonl.ts';
import { admitStored, begin, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';
import { settleCounted } from './settle-batch.ts';
import { type AnswerInLine, guardResultLine } from './result-lines.ts';

/** `GET /v1/files/{id}/content`: results of batches line by line, other text as a whole. */
export async function getFileContent(exchange: Exchange, id: string): Promise<void> {
  await begin(exchange);
  readQuery(exchange.request.url ?? '', []);
  const kept = await ownObject(exchange, { kind: 'file', id });
  exchange.model = kept.model;
  permit(exchange);
  await admitStored(exchange);
  const answered = await ask(exchange, kept.upstream, { method: 'GET', path: `/files/${id}/content` });
  const guard = guardOf(exchange);
  if (answered.status >= 400) return reply(exchange, guard, answered);
  const { bytes } = answered;
  if (!isText(bytes)) {
    if (exchange.policy.config.guard.unreadable === 'refuse')
      throw new CordonError('gateway.refused', 'Images, audio and files are refused by policy.');
    return send(exchange, bytes, 'application/octet-stream');
  }
  if (kept.purpose !== 'batch_output') return send(exchange, await guardedText(exchange, bytes), 'application/octet-stream');
  const batch = (kept.detail as ResultsDetail | null)?.batch;
  const due = batch === undefined ? undefined : await exchange.services.batches.find('batch', batch);
  const meter = due === undefined ? undefined : new BatchMeter(due);
  const guarded = await rewriteLines(bytes, (line) => {
    meter?.take(line);
    return guardResultLine(exchange, guard, line, answerIn(line), 'custom_id');
  }).catch(asUpstreams);
  if (due !== undefined && meter !== undefined) await settleCounted(exchange.services, due, meter);
  await send(exchange, guarded, 'application/jsonl');
}

async function guardedText(exchange: Exchange, bytes: Buffer): Promise<Buffer> {
  const holder: JsonObject = { text: bytes.toString('utf8') };
  const places = new Places();
  places.rest(holder, 'text', 'document');
  const { decision, changed } = await guardPlaces(guardOf(exchange), places, {});
  exchange.decided('response', decision);
  if (refuses(decision)) throw refusalOf('response', decision);
  return changed ? Buffer.from(String(holder.text)) : bytes;
}

/** The answer in a line of results of OpenAI. */
function answerIn({ response }: JsonObject): AnswerInLine | undefined {
  const answer = isObject(response) ? response.body : undefined;
  const protocol = isObject(answer) ? protocolOfAnswer(answer.object) : undefined;
  return protocol === undefined ? undefined : { answer: answer as JsonObject, protocol };
}

/** What is wrong with results is the provider's fault, not the client's. */
export function asUpstreams(error: unknown): never {
  if (error instanceof CordonError && error.code === 'request.invalid')
    throw new CordonError('upstream.failed', 'the model provider sent results that cannot be read', { cause: error });
  throw error;
}

/** Sends a file that was guarded. */
export async function send(exchange: Exchange, bytes: Buffer, type: string): Promise<void> {
  const { response, id, admission } = exchange;
  exchange.answering(bytes);
  await exchange.finish('served', 200, null);
  response
    .writeHead(200, {
      ...admission?.headers,
      'content-type': type,
      'content-length': bytes.length,
      'x-content-type-options': 'nosniff',
      'x-cordon-request-id': id,
    })
    .end(bytes);
}
