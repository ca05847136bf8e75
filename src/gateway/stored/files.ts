import { CordonError } from '../../core/errors.ts';
import type { KeptObject } from '../../engine/gateway/objects/objects.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { requireClient } from '../exchange/require-client.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { string } from '../json/fields.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { readForm } from '../multipart/form-body.ts';
import { type Part, writeMultipart, newBoundary } from '../multipart/multipart.ts';
import { Places } from '../places/places.ts';
import type { Spool } from '../spool/spool.ts';
import { spoolBody } from '../spool/spool-body.ts';
import { ask, objectAbout, objectIn, reply } from './ask.ts';
import { BatchLines, readBatchLine } from './batch-lines.ts';
import { BATCH_PROTOCOLS } from './batch-protocols.ts';
import { fileEncoding, requireReadable } from './file-encoding.ts';
import { guardText } from './guard-text.ts';
import { rewriteLines } from './jsonl.ts';
import { admitStored, begin, guardOf, permit } from './permit.ts';
import { readQuery } from './query.ts';
import { ownObject } from './references.ts';
import { remove } from './responses.ts';
import { whereKept } from './where-kept.ts';

const FILE: ReadonlySet<string> = new Set(['file']);
/** Why more than requests of a batch: nobody answers examples one by one. */
const MOST_EXAMPLES = 10_000_000;
const PURPOSES: ReadonlySet<string> = new Set(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']);

/** Why no other: some servers hand a file on to whoever a field names. */
const FIELDS: ReadonlySet<string> = new Set(['file', 'purpose', 'expires_after[anchor]', 'expires_after[seconds]']);

/** `POST /v1/files`: what is text is read, the requests of a batch as if each came by itself. */
export async function uploadFile(exchange: Exchange): Promise<void> {
  await begin(exchange);
  permit(exchange);
  const owner = exchange.call.caller.principal.id;
  const [received, written] = [exchange.services.spools.open(owner), exchange.services.spools.open(owner)];
  try {
    await takeFile(exchange, received, written);
  } finally {
    await Promise.all([received.close(), written.close()]);
  }
}

/** Why both on the disk: fields may stand behind the file, and nothing is sent before all of it was looked at. */
async function takeFile(exchange: Exchange, received: Spool, written: Spool): Promise<void> {
  const { request, policy, services, call } = exchange;
  readQuery(request.url ?? '', []);
  const upstream = whereKept(exchange, 'openai');
  exchange.requestSha256 = await spoolBody(request, received, policy.config.maxFileBytes);
  const form = await readForm(received, request.headers['content-type'], FILE);
  if (Object.keys(form.json).some((field) => !FIELDS.has(field)))
    throw new CordonError('request.invalid', 'the form has a field that is not taken here');
  const purpose = string(form.json.purpose);
  const [file] = form.files;
  if (file === undefined || !PURPOSES.has(purpose)) throw new CordonError('request.invalid', 'file or purpose is missing, or not known');
  await admitStored(exchange);
  await guardFields(exchange, form.json);
  const { content, detail } = await guardedContent(exchange, upstream, purpose, file, written);
  const parts = [...fieldsOf(form.json), { ...file, filename: describedName(form.json), content }];
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
  exchange.model = kept.model;
  permit(exchange);
  await admitStored(exchange);
  const answered = await ask(exchange, kept.upstream, { method: 'GET', path: `/files/${id}` });
  await reply(exchange, guardOf(exchange), answered, objectAbout(answered, id));
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
    name === 'file'
      ? []
      : [value].flat().map((text) => ({ name, filename: undefined, type: undefined, content: Buffer.from(String(text)) })),
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
  part: Part,
  written: Spool,
): Promise<{ content: Streamed; detail: unknown }> {
  const file = part.content as Streamed;
  if (purpose === 'batch') {
    const lines = new BatchLines(exchange, upstream);
    await rewriteLines(file, written, async (line, length) => {
      const { url, body } = readBatchLine(line);
      const protocol = BATCH_PROTOCOLS.get(url);
      if (protocol === undefined)
        throw new CordonError('request.invalid', 'a line of the batch is for an endpoint that batches are not taken for');
      return { ...line, body: await lines.take(url, protocol, body, length) };
    });
    return { content: written, detail: lines.sums };
  }
  if (purpose === 'fine-tune' || purpose === 'evals') {
    await rewriteLines(file, written, (line) => guardDocument(exchange, line), MOST_EXAMPLES);
    return { content: written, detail: null };
  }
  const encoding = await fileEncoding(file, part);
  if (encoding?.isExact !== true) requireReadable(exchange);
  if (encoding === undefined) return { content: file, detail: null };
  await guardText(exchange, guardOf(exchange), 'request', file, written, encoding);
  return { content: written, detail: null };
}

/** Texts that were collected, and not written by whoever sends them. */
async function guardDocument(exchange: Exchange, holder: JsonObject): Promise<JsonObject> {
  requireClient(exchange);
  const places = new Places();
  places.others(holder, new Set(), 'document');
  const { decision } = await guardPlaces(guardOf(exchange), places, {});
  if (decision.effect !== 'allow') exchange.decided('request', decision);
  if (refuses(decision)) throw refusalOf('request', decision);
  return holder;
}
