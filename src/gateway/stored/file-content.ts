import { CordonError } from '../../core/errors.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Spool } from '../spool/spool.ts';
import { askForFile, reply } from './ask.ts';
import { BatchMeter } from './batch-meter.ts';
import type { ResultsDetail } from './batches.ts';
import { BATCH_PROTOCOLS, protocolOfAnswer } from './batch-protocols.ts';
import { guardText } from './guard-text.ts';
import { fileEncoding, requireReadable } from './file-encoding.ts';
import { rewriteLines } from './jsonl.ts';
import { admitStored, begin, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';
import { settleCounted } from './settle-batch.ts';
import { type AnswerInLine, guardResultLine } from './result-lines.ts';

/** `GET /v1/files/{id}/content`: results of batches line by line, other text as a document. */
export async function getFileContent(exchange: Exchange, id: string): Promise<void> {
  await begin(exchange);
  readQuery(exchange.request.url ?? '', []);
  const kept = await ownObject(exchange, { kind: 'file', id });
  exchange.model = kept.model;
  permit(exchange);
  await admitStored(exchange);
  await fetchFile(exchange, kept.upstream, `/files/${id}/content`, async (file, written) => {
    if (kept.purpose !== 'batch_output') {
      const encoding = await fileEncoding(file);
      if (encoding?.isExact !== true) requireReadable(exchange);
      if (encoding === undefined) return sendFile(exchange, file, 'application/octet-stream');
      await guardText(exchange, guardOf(exchange), 'response', file, written, encoding);
      return sendFile(exchange, written, 'application/octet-stream');
    }
    const { batch, endpoint } = (kept.detail ?? {}) as Partial<ResultsDetail>;
    const guard = guardOf(exchange, endpoint);
    const due = batch === undefined ? undefined : await exchange.services.batches.find('batch', batch);
    const meter = due === undefined ? undefined : new BatchMeter(due);
    await rewriteLines(file, written, (line) => {
      meter?.take(line);
      return guardResultLine(exchange, guard, line, answerIn(line, endpoint), 'custom_id');
    }).catch(asUpstreams);
    if (due !== undefined && meter !== undefined) await settleCounted(exchange.services, due, meter);
    await sendFile(exchange, written, 'application/jsonl');
  });
}

/** Fetches a file into a spool for `use`, which writes what is left of it into the second. Errors are answered as they are. */
export async function fetchFile(
  exchange: Exchange,
  upstream: string,
  path: string,
  use: (file: Spool, written: Spool) => Promise<void>,
): Promise<void> {
  const owner = exchange.call.caller.principal.id;
  const [file, written] = [exchange.services.spools.open(owner), exchange.services.spools.open(owner)];
  try {
    const answered = await askForFile(exchange, upstream, { method: 'GET', path }, file);
    if (answered.status >= 400) await reply(exchange, guardOf(exchange), answered);
    else await use(file, written);
  } finally {
    await Promise.all([file.close(), written.close()]);
  }
}

/** The answer in a line of results of OpenAI. Why by what was asked: an answer could call itself something that nobody knows. */
function answerIn({ response }: JsonObject, endpoint: string | undefined): AnswerInLine | undefined {
  const answer = isObject(response) ? response.body : undefined;
  const protocol = isObject(answer) ? (BATCH_PROTOCOLS.get(endpoint ?? '') ?? protocolOfAnswer(answer.object)) : undefined;
  return protocol === undefined ? undefined : { answer: answer as JsonObject, protocol };
}

/** What is wrong with results is the provider's fault, not the client's. */
export function asUpstreams(error: unknown): never {
  if (error instanceof CordonError && error.code === 'request.invalid')
    throw new CordonError('upstream.failed', 'the model provider sent results that cannot be read', { cause: error });
  throw error;
}

/** Sends a file that was guarded, as fast as the client takes it. */
export async function sendFile(exchange: Exchange, file: Streamed, type: string): Promise<void> {
  const { response, id, admission } = exchange;
  response.writeHead(200, {
    ...admission?.headers,
    'content-type': type,
    'content-length': file.length,
    'x-content-type-options': 'nosniff',
    'x-cordon-request-id': id,
  });
  let hasLeft = false;
  const left = new Promise<void>((settled) =>
    response.once('close', () => {
      hasLeft = !response.writableFinished;
      settled();
    }),
  );
  exchange.cut = () => response.destroy();
  for await (const chunk of file.open()) {
    if (hasLeft) break;
    exchange.answering(chunk);
    if (!response.write(chunk)) await Promise.race([left, new Promise((settled) => response.once('drain', settled))]);
  }
  exchange.cut = undefined;
  // Why before the end: what was not written down must not look complete.
  if (hasLeft) await exchange.finish('aborted', 200, 'client');
  else {
    await exchange.finish('served', 200, null);
    response.end();
    await left;
  }
}
