import type { IncomingMessage } from 'node:http';
import { CordonError } from '../../core/errors.ts';

/** Reads the body of a request. Throws `input.too-large`, and `request.invalid` for encodings, which would hide how large it is. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const { 'content-encoding': encoding, 'content-length': announced } = request.headers;
  if (encoding !== undefined && encoding !== 'identity') throw new CordonError('request.invalid', 'the body must not be compressed');
  if (Number(announced ?? 0) > maxBytes) throw tooLarge(maxBytes);
  return new Promise((settled, failed) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        request.removeAllListeners('data');
        request.pause();
        failed(tooLarge(maxBytes));
      } else chunks.push(chunk);
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
