import { CordonError } from '../../core/errors.ts';
import type { RegistryRequest } from './env.ts';

/** The raw body of a request, as it comes. */
export function bodyOf(c: RegistryRequest): AsyncIterable<Uint8Array> {
  return c.env.incoming;
}

/** `Content-Length`, where the client says it. */
export function announcedLength(c: RegistryRequest): number | undefined {
  const header = c.env.incoming.headers['content-length'];
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** Refuses a body that is longer than it may be, or does not say how long it is, before any of it is read. Throws `input.too-large`. */
export function requireSmall(c: RegistryRequest, bytesAtMost: number): void {
  const isChunked = c.env.incoming.headers['transfer-encoding'] !== undefined;
  if (isChunked || (announcedLength(c) ?? 0) > bytesAtMost)
    throw new CordonError('input.too-large', `send a Content-Length of at most ${bytesAtMost} bytes`);
}

/** A whole body of at most so many bytes. Throws `request.invalid` for more. */
export async function smallBody(c: RegistryRequest, bytesAtMost: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyOf(c)) {
    size += chunk.length;
    if (size > bytesAtMost) throw new CordonError('request.invalid', `the body is larger than ${bytesAtMost} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A whole body of JSON. Throws `request.invalid`. */
export async function jsonBody(c: RegistryRequest, bytesAtMost = 16 * 1024 * 1024): Promise<unknown> {
  const text = (await smallBody(c, bytesAtMost)).toString('utf8');
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CordonError('request.invalid', 'the body is no JSON', { cause: error });
  }
}
