import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CordonError } from '../../core/errors.ts';
import type { Spool } from './spool.ts';

/**
 * Writes the body of a request into a spool, as fast as the disk takes it; returns its SHA-256. Throws `input.too-large`, and
 * `request.invalid` for encodings, which would hide how large it is.
 */
export async function spoolBody(request: IncomingMessage, spool: Spool, maxBytes: number): Promise<string> {
  const { 'content-encoding': encoding, 'content-length': announced } = request.headers;
  if (encoding !== undefined && encoding !== 'identity') throw new CordonError('request.invalid', 'the body must not be compressed');
  if (Number(announced ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const hash = createHash('sha256');
  try {
    // Why not destroyed: the answer has to be sent on the same connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (spool.length + chunk.length > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      await spool.write(chunk);
    }
  } catch (error) {
    throw error instanceof CordonError ? error : new CordonError('request.invalid', 'the request broke off');
  }
  if (!request.complete) throw new CordonError('request.invalid', 'the request broke off');
  return hash.digest('hex');
}

function tooLarge(maxBytes: number): CordonError {
  return new CordonError('input.too-large', `the request is longer than ${maxBytes} bytes`);
}
