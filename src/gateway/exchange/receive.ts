import { type JsonObject, parseObject } from '../json/parse-object.ts';
import { type FormBody, readForm } from '../multipart/form-body.ts';
import type { Protocol } from '../protocol.ts';
import { spoolBody } from '../spool/spool-body.ts';
import { bodyOf } from './body-of.ts';
import type { Exchange } from './exchange.ts';

/** What a client sent. */
export interface Received {
  readonly body: JsonObject;
  /** The body as it came; empty for a form. */
  readonly bytes: Buffer;
  /** Bytes of all that came. */
  readonly length: number;
  readonly form: FormBody | undefined;
}

const NOTHING = Buffer.alloc(0);

/** Reads the body of a request: JSON in memory, a form with files into a spool, which is given up when the exchange is over. */
export async function receive(exchange: Exchange, { form: fileFields }: Protocol): Promise<Received> {
  const { request, response, policy, services } = exchange;
  if (fileFields === undefined) {
    const bytes = await bodyOf(exchange);
    return { body: parseObject(bytes), bytes, length: bytes.length, form: undefined };
  }
  const spool = services.spools.open(exchange.call.caller.principal.id);
  response.once('close', () => void spool.close());
  exchange.requestSha256 = await spoolBody(request, spool, policy.config.maxFileBytes);
  const form = await readForm(spool, request.headers['content-type'], fileFields);
  return { body: form.json, bytes: NOTHING, length: spool.length, form };
}
