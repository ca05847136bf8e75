import { crc32 } from 'node:zlib';
import { CordonError, malformed } from '../../../../core/errors.ts';

/** A message of `application/vnd.amazon.eventstream`. */
export interface EventMessage {
  /** Headers whose values are texts. The others are read over. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** Total length, length of the headers, checksum of both; and the checksum at the end. Bytes. */
const PRELUDE = 12;
const TRAILER = 4;
/** Source: documentation of AWS, "Event stream encoding": headers of at most 128 KB. */
const MOST_HEADERS = 128 * 1024;
/** Why less than the 16 MB that the format allows: events of models are pieces of text. */
const MOST_MESSAGE = 4 * 1024 * 1024;
/** Bytes of values whose type has a length of its own; 6 and 7 say theirs. */
const FIXED: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT = 7;

/**
 * Takes AWS event streams apart, whatever pieces they come in. Both checksums of each message are checked; what is held is one message at
 * most. Throws `format.malformed` and `limit.reached`; after that it must not be used any more.
 */
export class EventStreamDecoder {
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = PRELUDE;

  push(chunk: Buffer): EventMessage[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: EventMessage[] = [];
    // Why only then: putting pieces together for each of them would take quadratic time.
    while (this.#length >= this.#wanted) {
      const buffer = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      const total = totalOf(buffer);
      if (buffer.length >= total) messages.push(messageOf(buffer.subarray(0, total)));
      const rest = buffer.length >= total ? buffer.subarray(total) : buffer;
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
      this.#wanted = rest === buffer ? total : PRELUDE;
    }
    return messages;
  }

  /** Whether the stream may end here. */
  get isBetween(): boolean {
    return this.#length === 0;
  }
}

/** Length of the message that a buffer begins with. The prelude is checked before its numbers are believed. */
function totalOf(buffer: Buffer): number {
  if (crc32(buffer.subarray(0, 8)) !== buffer.readUInt32BE(8)) throw malformed('the checksum of the prelude of an event is wrong');
  const total = buffer.readUInt32BE(0);
  const headers = buffer.readUInt32BE(4);
  if (total > MOST_MESSAGE || headers > MOST_HEADERS) throw new CordonError('limit.reached', 'an event is too long');
  if (total < PRELUDE + headers + TRAILER) throw malformed('an event is shorter than its headers');
  return total;
}

function messageOf(message: Buffer): EventMessage {
  const end = message.length - TRAILER;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) throw malformed('the checksum of an event is wrong');
  const from = PRELUDE + message.readUInt32BE(4);
  return { headers: headersOf(message.subarray(PRELUDE, from)), payload: message.subarray(from, end) };
}

function headersOf(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw malformed('a header of an event is cut off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const name = take(take(1).readUInt8()).toString('utf8');
    const type = take(1).readUInt8();
    if (type >= FIXED.length) throw malformed('a header of an event has an unknown type');
    const value = take(FIXED[type] ?? take(2).readUInt16BE());
    if (type !== TEXT) continue;
    if (headers.has(name)) throw malformed('a header of an event comes twice');
    headers.set(name, value.toString('utf8'));
  }
  return headers;
}
