import type { IncomingMessage } from 'node:http';
import { CordonError } from '../../core/errors.ts';

/**
 * Reads the body of a request. Throws `input.too-large`, and `request.invalid` for encodings, which would hide how large it is; and what
 * `taking` throws, which is told of each piece.
 */
export function readBody(request: IncomingMessage, maxBytes: number, taking: (bytes: number) => void = () => {}): Promise<Buffer> {
  const { 'content-encoding': encoding, 'content-length': announced } = request.headers;
  if (encoding !== undefined && encoding !== 'identity') throw new CordonError('request.invalid', 'the body must not be compressed');
  if (Number(announced ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return new Promise((settled, failed) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      try {
        if (length > maxBytes) throw tooLarge(maxBytes);
        taking(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        request.removeAllListeners('data');
        request.pause();
        chunks.length = 0;
        failed(error);
      }
    });
    request.on('end', () => settled(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)));
    const broken = (): void => failed(new CordonError('request.invalid', 'the request broke off'));
    request.on('error', broken);
    request.on('close', () => {
      if (!request.complete) broken();
    });
  });
}

function tooLarge(maxBytes: number): CordonError {
  return new CordonError('input.too-large', `the request is longer than ${maxBytes} bytes`);
}
