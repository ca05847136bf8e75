import { CordonError } from '../../core/errors.ts';
import type { SseEvent } from '../sse/sse-reader.ts';
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
export function eventMessage({ name, data }: SseEvent): RpcMessage | undefined | null {
  if (data === undefined || data === '') return undefined;
  return name === '' || name === 'message' ? messageOf(Buffer.from(data)) : null;
}

/** An event with another message, or one whose bytes readers may cut differently: its id and its pause are kept. */
export function rebuilt({ raw, name, data }: SseEvent, json?: string): Buffer {
  const kept = raw
    .toString('utf8')
    .split(/\r\n|\n|\r/)
    .filter((line) => /^(?:id: ?[\x20-\x7e]{0,1024}|retry: ?\d{1,9})$/.test(line));
  const lines = name === '' ? kept : [`event: ${name}`, ...kept];
  const text = json ?? data;
  if (text !== undefined) for (const line of text.split('\n')) lines.push(`data: ${line}`);
  return Buffer.from(`${lines.join('\n')}\n\n`);
}

/** Whether every reader cuts the bytes of an event where we did. */
export function isPlain({ raw }: SseEvent): boolean {
  return raw[0] !== 0xef && !/\r(?!\n)/.test(raw.toString('latin1'));
}

/** The media type of an answer, without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
}
