import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';

/** One server-sent event: its bytes, blank line included, and what they say. */
export interface SseEvent {
  readonly raw: Buffer;
  /** Field `event`; empty where there is none. */
  readonly name: string;
  /** Field `data`, its lines joined; undefined for comments and keep-alives. */
  readonly data: string | undefined;
}

/** Why: the largest events repeat a whole response; more is an upstream that never ends one. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Cuts bytes into server-sent events, wherever the pieces are cut. Throws `upstream.failed` for what is none. */
export class SseReader {
  #rest: Buffer = Buffer.alloc(0);
  /** Up to here no blank line ends in the rest. */
  #seen = 0;

  /** Reads a piece, returns the events that it completes. */
  push(piece: Buffer): SseEvent[] {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const events: SseEvent[] = [];
    let start = 0;
    let at = this.#seen;
    for (let end = endOfEvent(bytes, at); end > 0; end = endOfEvent(bytes, at)) {
      events.push(readEvent(bytes.subarray(start, end)));
      start = end;
      at = end;
    }
    this.#rest = start === 0 ? bytes : bytes.subarray(start);
    // Why three: a blank line in the form CR LF CR LF may be cut anywhere.
    this.#seen = Math.max(0, this.#rest.length - 3);
    if (this.#rest.length > MAX_EVENT_BYTES) throw new CordonError('upstream.failed', 'the model provider sent an event without an end');
    return events;
  }

  /** The stream is over: what is left, if it says something. A last event need not end with a blank line to be understood by clients. */
  end(): SseEvent | undefined {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    this.#seen = 0;
    return rest.length === 0 ? undefined : readEvent(rest);
  }
}

/** Offset behind the first blank line that ends at or after `from`; 0 where there is none. */
function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1];
    if (next === LF) return at + 2;
    if (next === CR && bytes[at + 2] === LF) return at + 3;
  }
  return 0;
}

function readEvent(raw: Buffer): SseEvent {
  if (!isUtf8(raw)) throw new CordonError('upstream.failed', 'the model provider sent an event that is not UTF-8');
  // Why a lone CR too: the standard ends lines with it, and a reader that did not would see other fields than the client.
  const lines = raw.toString('utf8').split(/\r\n|\n|\r/);
  let name = '';
  let data: string | undefined;
  for (const line of lines) {
    if (line.startsWith('data:')) {
      const value = fieldValue(line, 5);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line.startsWith('event:')) name = fieldValue(line, 6);
    else if (line === 'data') data = data === undefined ? '' : `${data}\n`;
  }
  return { raw, name, data };
}

function fieldValue(line: string, from: number): string {
  return line.charCodeAt(from) === 0x20 ? line.slice(from + 1) : line.slice(from);
}

/** The bytes of an event. `data` is one line, as JSON is. */
export function sseBytes(data: string, name = ''): Buffer {
  return Buffer.from(`${name === '' ? '' : `event: ${name}\n`}data: ${data}\n\n`);
}
