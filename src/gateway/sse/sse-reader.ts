import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';
import { HeldBytes } from './held-bytes.ts';

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
  readonly #rest = new HeldBytes();

  /** Reads a piece, returns the events that it completes. */
  push(piece: Buffer): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    let end = this.#rest.length === 0 ? endOfEvent(piece, 0) : this.#endOfFirst(piece);
    while (end > 0) {
      const own = piece.subarray(start, end);
      events.push(readEvent(this.#rest.length === 0 ? own : this.#rest.takeWith(own)));
      start = end;
      end = endOfEvent(piece, start);
    }
    if (this.#rest.length + piece.length - start > MAX_EVENT_BYTES)
      throw new CordonError('upstream.failed', 'the model provider sent an event without an end');
    if (start < piece.length) this.#rest.add(piece.subarray(start));
    return events;
  }

  /** The stream is over: what is left, if it says something. A last event need not end with a blank line to be understood by clients. */
  end(): SseEvent | undefined {
    return this.#rest.length === 0 ? undefined : readEvent(this.#rest.takeWith(NOTHING));
  }

  /** Offset in the piece behind the blank line that ends what is held; 0 where there is none. The line may begin in what is held. */
  #endOfFirst(piece: Buffer): number {
    const before = this.#rest.last(LONGEST_END - 1);
    const border = endOfEvent(Buffer.concat([before, piece.subarray(0, LONGEST_END - 1)]), 0);
    return border > before.length ? border - before.length : endOfEvent(piece, 0);
  }
}

const NOTHING = Buffer.alloc(0);
/** Bytes of the end of an event: LF CR LF. */
const LONGEST_END = 3;

/** Offset behind the first blank line that ends after `from`; 0 where there is none. */
function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1];
    if (next === LF) return at + 2;
    if (next === CR && bytes[at + 2] === LF) return at + 3;
  }
  return 0;
}

const BOM = '\uFEFF';
/** Comments that say nothing, as servers send them to keep connections alive. */
const PLAIN_COMMENT = /^:[ A-Za-z.-]{0,40}$/;
const NAME = /^[\w.-]{0,100}$/;

/**
 * Why not always the bytes that came: clients are given what was read and nothing else. Comments, ids and fields that nobody knows may say
 * anything; a byte order mark or a lone CR makes some clients see a field where others see none.
 */
function readEvent(raw: Buffer): SseEvent {
  if (!isUtf8(raw)) throw new CordonError('upstream.failed', 'the model provider sent an event that is not UTF-8');
  const text = raw.toString('utf8');
  // Why apart: so nearly all events look, and this takes a third of the time.
  if (isOneLineOfData(text)) return { raw, name: '', data: text.slice(6, -2) };
  const hasMark = text.startsWith(BOM);
  const lines = (hasMark ? text.slice(1) : text).split(/\r\n|\n|\r/);
  let name = '';
  let data: string | undefined;
  let isPlain = !hasMark && !/\r(?!\n)/.test(text);
  for (const line of lines) {
    if (line.startsWith('data:')) {
      const value = fieldValue(line, 5);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line.startsWith('event:')) name = fieldValue(line, 6);
    else if (line === 'data') data = data === undefined ? '' : `${data}\n`;
    else if (line !== '' && !PLAIN_COMMENT.test(line)) isPlain = false;
  }
  if (!NAME.test(name)) throw new CordonError('upstream.failed', 'the model provider sent an event with a name that is none');
  return { raw: isPlain ? raw : written(name, data), name, data };
}

function isOneLineOfData(text: string): boolean {
  return text.startsWith('data: ') && text.endsWith('\n\n') && text.indexOf('\n') === text.length - 2 && !text.includes('\r');
}

/** An event without anything but its name and data. */
function written(name: string, data: string | undefined): Buffer {
  if (data === undefined) return Buffer.from(':\n\n');
  return Buffer.from(
    `${name === '' ? '' : `event: ${name}\n`}${data
      .split('\n')
      .map((line) => `data: ${line}\n`)
      .join('')}\n`,
  );
}

function fieldValue(line: string, from: number): string {
  return line.charCodeAt(from) === 0x20 ? line.slice(from + 1) : line.slice(from);
}

/** The bytes of an event. `data` is one line, as JSON is. */
export function sseBytes(data: string, name = ''): Buffer {
  return Buffer.from(`${name === '' ? '' : `event: ${name}\n`}data: ${data}\n\n`);
}
