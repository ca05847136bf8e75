import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServableFile } from '../../engine/registry/read-file.ts';
import type { RegistryRequest } from './env.ts';
import { parseRange } from './range.ts';

/**
 * Sends a file, or the part that a `Range` header asks for, on the raw response: no byte passes through a web stream. `If-Range`
 * with another entity tag gives the whole, `If-None-Match` with this one gives 304.
 */
export async function sendFile(c: RegistryRequest, file: ServableFile, headers: Readonly<Record<string, string>>): Promise<Response> {
  await sendFileOn(c.env.incoming as IncomingMessage, c.env.outgoing as ServerResponse, file, headers);
  return RESPONSE_ALREADY_SENT;
}

/** {@link sendFile} for a request that no route has seen. */
export async function sendFileOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  file: ServableFile,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const etag = headers.ETag ?? headers.etag;
  const all = {
    'Accept-Ranges': 'bytes',
    'Content-Type': 'application/octet-stream',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  };
  const known = incoming.headers['if-none-match'];
  if (etag !== undefined && known !== undefined && known.split(',').some((one) => one.trim() === etag || one.trim() === '*')) {
    response.writeHead(304, all).end();
    return;
  }
  const isCurrent = incoming.headers['if-range'] === undefined || incoming.headers['if-range'] === etag;
  const range = isCurrent ? parseRange(incoming.headers.range, file.size) : undefined;
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...all, 'Content-Range': `bytes */${file.size}`, 'Content-Length': '0' }).end();
    return;
  }
  const length = range === undefined ? file.size : range.end - range.start;
  const partial = range === undefined ? {} : { 'Content-Range': `bytes ${range.start}-${range.end - 1}/${file.size}` };
  if (incoming.method === 'HEAD') {
    response.writeHead(range === undefined ? 200 : 206, { ...all, ...partial, 'Content-Length': String(length) }).end();
    return;
  }
  // Why before the headers: what cannot be opened is still an error the client understands.
  const bytes = await file.open(range);
  response.writeHead(range === undefined ? 200 : 206, { ...all, ...partial, 'Content-Length': String(length) });
  try {
    await pipeline(bytes, response);
  } catch {
    // Why: a stored file that fails its check, or a client that left. The length does not fit, so nobody takes it for whole.
    response.destroy();
  }
}
