import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';

/** One server-sent event of an MCP server. */
export interface McpEvent {
  /** The bytes as they came; undefined: they hold more than what was read, so that they are not passed on. */
  readonly raw: Buffer | undefined;
  readonly name: string;
  /** Field `id`: where a client goes on when its stream breaks off. */
  readonly id: string | undefined;
  /** Milliseconds after which a client comes back. */
  readonly retry: string | undefined;
  /** Its lines joined; undefined: there is none. */
  readonly data: string | undefined;
}

/** Why: a message is held in memory until it is decided. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const NAME = /^[\w.-]{0,40}$/;
/** Why no spaces: an id is for machines, and a sentence is read by whoever writes it down. Empty: from the beginning. */
const ID = /^[\w.:/+=~-]{0,256}$/;
/** Milliseconds. Why: a server must not send clients away for days. */
const RETRY = /^\d{1,6}$/;
const COMMENT = /^:[ A-Za-z.-]{0,16}$/;
/** What some readers take for the end of a line. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const OTHER_LINE_ENDS = /[\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]/g;

/**
 * Cuts bytes into events, wherever the pieces are cut. Throws `upstream.failed` for what some readers cut elsewhere. Why one beside that
 * of the text protocols: ids and pauses are part of this protocol.
 */
export class EventReader {
  #pieces: Buffer[] = [];
  #length = 0;
  /** The last two bytes that were read: a blank line may be cut anywhere. */
  #tail: Buffer = Buffer.alloc(0);

  push(piece: Buffer): McpEvent[] {
    this.#length += piece.length;
    if (this.#length > MAX_EVENT_BYTES) throw broken('an event without an end');
    this.#pieces.push(piece);
    const seam = Buffer.concat([this.#tail, piece]);
    this.#tail = Buffer.from(seam.subarray(-2));
    if (endOfEvent(seam, 0) === 0) return [];
    const bytes = Buffer.concat(this.#pieces, this.#length);
    const events: McpEvent[] = [];
    let start = 0;
    for (let end = endOfEvent(bytes, start); end > 0; end = endOfEvent(bytes, start)) {
      events.push(readEvent(bytes.subarray(start, end)));
      start = end;
    }
    const rest = bytes.subarray(start);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#tail = Buffer.from(rest.subarray(-2));
    return events;
  }

  /** The stream is over. Why what is left is no event: clients take none that does not end. */
  end(): void {
    this.#pieces = [];
    this.#length = 0;
  }
}

/** The bytes of an event, with another text where one is given. */
export function eventBytes({ raw, name, id, retry, data }: McpEvent, json?: string): Buffer {
  if (json === undefined && raw !== undefined) return raw;
  const lines: string[] = [];
  if (name !== '') lines.push(`event: ${name}`);
  if (id !== undefined) lines.push(`id: ${id}`);
  if (retry !== undefined) lines.push(`retry: ${retry}`);
  // Why: in JSON they stand in texts only, where they may be written so.
  const text = (json ?? data)?.replaceAll(OTHER_LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (text !== undefined) for (const line of text.split('\n')) lines.push(`data: ${line}`);
  return Buffer.from(`${lines.length === 0 ? ':' : lines.join('\n')}\n\n`);
}

/** Offset behind the first blank line; 0 where there is none. */
function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const next = bytes[at + 1];
    if (next === LF) return at + 2;
    if (next === CR && bytes[at + 2] === LF) return at + 3;
  }
  return 0;
}

function readEvent(bytes: Buffer): McpEvent {
  if (!isUtf8(bytes)) throw broken('an event that is not UTF-8');
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF') || /\r(?!\n)/.test(text)) throw broken('an event that readers take for different ones');
  const fields: { name: string; id: string | undefined; retry: string | undefined; data: string | undefined } = {
    name: '',
    id: undefined,
    retry: undefined,
    data: undefined,
  };
  let isKnown = text.search(OTHER_LINE_ENDS) < 0;
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
    else if (field === 'event' && NAME.test(value)) fields.name = value;
    else if (field === 'id' && ID.test(value)) fields.id = value;
    else if (field === 'retry' && RETRY.test(value)) fields.retry = value;
    else if (!COMMENT.test(line)) isKnown = false;
  }
  return { ...fields, raw: isKnown ? bytes : undefined };
}

function broken(what: string): CordonError {
  return new CordonError('upstream.failed', `the server sent ${what}`);
}
