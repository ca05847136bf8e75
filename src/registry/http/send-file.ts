import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServableFile } from '../../engine/registry/read-file.ts';
import { CordonError } from '../../core/errors.ts';
import { giveBack } from '../../store/blobs/read-buffers.ts';
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
    await pour(bytes, response, length);
  } catch {
    // Why: a stored file that fails its check, or a client that left. The length does not fit, so nobody takes it for whole.
    response.destroy();
  }
}

/** Sends exactly so many bytes, and gives each piece back once the system has it. Throws when there are fewer, or the client leaves. */
async function pour(bytes: Readable, response: ServerResponse, length: number): Promise<void> {
  let sent = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    if (response.destroyed) throw new CordonError('network.refused', 'the client left');
    sent += chunk.length;
    const isRoom = response.write(chunk, (error) => {
      if (error === undefined || error === null) giveBack(chunk);
    });
    if (!isRoom) await roomIn(response);
  }
  // Why: a client that waits for the rest would wait for ever.
  if (sent !== length) throw new CordonError('storage.corrupt', 'a stored file is shorter than it was');
  response.end();
}

function roomIn(response: ServerResponse): Promise<void> {
  return new Promise((settled, failed) => {
    if (response.destroyed) return failed(new CordonError('network.refused', 'the client left'));
    const ended = (): void => {
      response.off('drain', ready);
      failed(new CordonError('network.refused', 'the client left'));
    };
    const ready = (): void => {
      response.off('close', ended);
      settled();
    };
    response.once('drain', ready);
    response.once('close', ended);
  });
}
