import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';
import type { KeptObject } from '../../engine/gateway/objects/objects.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { readBody } from '../http/read-body.ts';
import { string } from '../json/fields.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { readForm } from '../multipart/form-body.ts';
import { type Part, writeMultipart, newBoundary } from '../multipart/multipart.ts';
import { Places } from '../places/places.ts';
import { ask, objectIn, reply } from './ask.ts';
import { BatchLines, readBatchLine } from './batch-lines.ts';
import { BATCH_PROTOCOLS } from './batch-protocols.ts';
import { rewriteLines } from './jsonl.ts';
import { admitStored, begin, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';
import { remove } from './responses.ts';
import { whereKept } from './where-kept.ts';

const FILE: ReadonlySet<string> = new Set(['file']);
const PURPOSES: ReadonlySet<string> = new Set(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']);

/** `POST /v1/files`: what is text is read, the requests of a batch as if each came by itself. */
export async function uploadFile(exchange: Exchange): Promise<void> {
  await begin(exchange);
  permit(exchange);
  const { request, policy, services, call } = exchange;
  readQuery(request.url ?? '', []);
  const upstream = whereKept(exchange, 'openai');
  const bytes = await readBody(request, policy.config.maxBodyBytes);
  exchange.requestSha256 = hash('sha256', bytes, 'hex');
  const form = readForm(bytes, request.headers['content-type'], FILE);
  const purpose = string(form.json.purpose);
  const [file] = form.files;
  if (file === undefined || !PURPOSES.has(purpose)) throw new CordonError('request.invalid', 'file or purpose is missing, or not known');
  await admitStored(exchange);
  await guardFields(exchange, form.json);
  const { content, detail } = await guardedContent(exchange, upstream, purpose, file);
  const parts = [...fieldsOf(form.json), { ...file, filename: describedName(form.json), bytes: content }];
  const boundary = newBoundary();
  const answered = await ask(exchange, upstream, {
    method: 'POST',
    path: '/files',
    body: writeMultipart(parts, boundary),
    contentType: `multipart/form-data; boundary=${boundary}`,
  });
  const body = objectIn(answered);
  if (answered.status < 400) {
    const { id: principal } = call.caller.principal;
    const object: KeptObject = {
      kind: 'file',
      id: string(body.id),
      upstream,
      principal,
      model: exchange.model,
      purpose,
      detail,
      madeAt: services.now(),
    };
    if (!(await services.objects.keep(object)))
      throw new CordonError('upstream.failed', 'the model provider gave the file the id of another');
  }
  await reply(exchange, guardOf(exchange), answered, body);
}

/** `GET /v1/files/{id}`. */
export async function getFile(exchange: Exchange, id: string): Promise<void> {
  await begin(exchange);
  readQuery(exchange.request.url ?? '', []);
  const kept = await ownObject(exchange, { kind: 'file', id });
  permit(exchange);
  await admitStored(exchange);
  await reply(exchange, guardOf(exchange), await ask(exchange, kept.upstream, { method: 'GET', path: `/files/${id}` }));
}

/** `DELETE /v1/files/{id}`. */
export function deleteFile(exchange: Exchange, id: string): Promise<void> {
  return remove(exchange, 'file', id, `/files/${id}`);
}

/** `/v1/uploads`: parts of a file that come one by one would be looked at by nobody as a whole. */
export async function refuseUpload(exchange: Exchange): Promise<void> {
  await begin(exchange);
  throw new CordonError('request.invalid', 'Uploads in parts are not taken here. Send the file to /v1/files as a whole.');
}

function describedName({ file }: JsonObject): string {
  return string((file as JsonObject).filename);
}

function fieldsOf(json: JsonObject): Part[] {
  return Object.entries(json).flatMap(([name, value]): Part[] =>
    name === 'file' ? [] : [value].flat().map((text) => ({ name, filename: undefined, type: undefined, bytes: Buffer.from(String(text)) })),
  );
}

async function guardFields(exchange: Exchange, json: JsonObject): Promise<void> {
  const places = new Places();
  places.others(json, new Set(), 'user');
  const { decision } = await guardPlaces(guardOf(exchange), places, {});
  exchange.decided('request', decision);
  if (refuses(decision)) throw refusalOf('request', decision);
}

async function guardedContent(
  exchange: Exchange,
  upstream: string,
  purpose: string,
  { bytes }: Part,
): Promise<{ content: Buffer; detail: unknown }> {
  if (purpose === 'batch') {
    const lines = new BatchLines(exchange, upstream);
    const content = await rewriteLines(bytes, async (line, length) => {
      const { url, body } = readBatchLine(line);
      const protocol = BATCH_PROTOCOLS.get(url);
      if (protocol === undefined)
        throw new CordonError('request.invalid', 'a line of the batch is for an endpoint that batches are not taken for');
      return { ...line, body: await lines.take(url, protocol, body, length) };
    });
    return { content, detail: lines.sums };
  }
  if (purpose === 'fine-tune' || purpose === 'evals')
    return { content: await rewriteLines(bytes, (line) => guardDocument(exchange, line)), detail: null };
  if (!isText(bytes)) {
    if (exchange.policy.config.guard.unreadable === 'refuse')
      throw new CordonError('gateway.refused', 'Images, audio and files are refused by policy.');
    return { content: bytes, detail: null };
  }
  const { text } = await guardDocument(exchange, { text: bytes.toString('utf8') });
  return { content: Buffer.from(string(text)), detail: null };
}

/** Texts that were collected, and not written by whoever sends them. */
async function guardDocument(exchange: Exchange, holder: JsonObject): Promise<JsonObject> {
  const places = new Places();
  places.others(holder, new Set(), 'document');
  const { decision } = await guardPlaces(guardOf(exchange), places, {});
  if (decision.effect !== 'allow') exchange.decided('request', decision);
  if (refuses(decision)) throw refusalOf('request', decision);
  return holder;
}

/** Whether bytes are text that somebody could read. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
