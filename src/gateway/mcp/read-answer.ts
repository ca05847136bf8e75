import { CordonError } from '../../core/errors.ts';
import type { McpEvent } from './event-reader.ts';
import { readMessage, type RpcMessage } from './message.ts';

/** A message of a server. Throws `upstream.failed` for what is none. */
export function messageOf(bytes: Buffer): RpcMessage {
  try {
    return readMessage(bytes);
  } catch (cause) {
    throw new CordonError('upstream.failed', 'the server sent something that is no message of JSON-RPC', { cause });
  }
}

/** The message in an event. Undefined: there is none; `null`: one that clients ignore and nobody guards. */
export function eventMessage({ name, data }: Pick<McpEvent, 'name' | 'data'>): RpcMessage | undefined | null {
  if (name !== '' && name !== 'message') return null;
  return data === undefined || data === '' ? undefined : messageOf(Buffer.from(data));
}

/** The media type of an answer, without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}
