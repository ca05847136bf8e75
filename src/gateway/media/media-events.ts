import type { CordonError } from '../../core/errors.ts';
import type { Channel } from '../../core/text.ts';
import type { Delta } from '../guarding/event-queue.ts';
import { openAiError } from '../http/error-reply.ts';
import { string } from '../json/fields.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { openAiUsage } from '../openai/usage.ts';
import { Places } from '../places/places.ts';
import type { EventView, StreamReading } from '../protocol.ts';
import { type SseEvent, sseBytes } from '../sse/sse-reader.ts';
import { readPictures } from './pictures.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** Texts that go on from event to event, and the field that holds them. */
const PIECES: Readonly<Record<string, string>> = { 'transcript.text.delta': 'delta', 'transcript.text.segment': 'text' };

/** Reads streams of pictures, recordings and transcripts: pieces of a transcript one after the other, every other text by itself. */
export class MediaEvents implements StreamReading {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  read(_event: SseEvent, json: JsonObject | undefined): EventView {
    if (json === undefined) return { deltas: [], ends: () => false, last: false };
    const type = string(json.type);
    const places = new Places();
    const deltas: Delta[] = [];
    const read = new Set<string>();
    const field = Object.hasOwn(PIECES, type) ? PIECES[type]! : undefined;
    const piece = field === undefined ? undefined : json[field];
    if (field !== undefined && typeof piece === 'string') {
      read.add(field);
      deltas.push({ key: type, text: piece, set: (text) => (json[field] = text) });
    }
    // Why by its letters alone: a piece of a recording has no beginning to tell it by.
    if (typeof json.audio === 'string' && BASE64.test(json.audio)) read.add('audio');
    readPictures(places, json, read);
    places.others(json, read, this.#channel);
    const isLast = type.endsWith('.done') || type.endsWith('.completed');
    const usage = openAiUsage(json.usage);
    return { deltas, places, ends: () => isLast, last: false, ...(usage === undefined ? {} : { usage }) };
  }

  textOf(): { channel: Channel; whole: boolean } {
    return { channel: this.#channel, whole: false };
  }

  callOf(): undefined {
    return undefined;
  }

  blocked(): Buffer[] {
    const error = { message: 'The response was refused by policy.', type: 'server_error', param: null, code: 'content_filter' };
    return [sseBytes(JSON.stringify({ error }))];
  }

  failed(error: CordonError): Buffer[] {
    return [sseBytes(JSON.stringify({ error: openAiError(error) }))];
  }

  /** Why wherever it ends: how many pictures there will be is not known. */
  readonly isComplete = true;
}
