import { CordonError } from '../../core/errors.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { openAiUsage } from '../openai/usage.ts';
import { type Place, Places } from '../places/places.ts';
import type { Protocol, ReplyView, RequestView } from '../protocol.ts';
import { filesOf } from './images.ts';
import { MediaEvents } from './media-events.ts';

const FILES: ReadonlySet<string> = new Set(['file']);
/** Why not only `audio/`: raw samples come without a type of their own. */
const RECORDING = /^(?:audio\/[\w.+-]+|application\/octet-stream)(?:[ \t]*;|$)/i;
const READ_OF_REPLY: ReadonlySet<string> = new Set(['text', 'segments', 'words', 'usage']);

const audio: Omit<Protocol, 'path' | 'request'> = {
  family: 'openai',
  reply(body) {
    const places = new Places();
    places.others(body, new Set(), 'assistant');
    return { places, calls: [], usage: undefined };
  },
  stream: () => new MediaEvents('assistant'),
  block: () => {},
  strip: () => {},
  refusesAnswers: true,
};

/** `POST /v1/audio/speech`: the text is read, the recording passes as it comes; an answer that is none is read like any other. */
export const speech: Protocol = {
  ...audio,
  path: '/audio/speech',
  request: (body) => ({ ...mediaRequest(body, body.stream_format === 'sse'), media: { characters: string(body.input).length } }),
  opaque: RECORDING,
};

/** `POST /v1/audio/transcriptions`: what was said in a recording may have been said by anybody. */
export const transcriptions: Protocol = {
  ...audio,
  path: '/audio/transcriptions',
  form: FILES,
  request(body) {
    if (body.file === undefined) throw new CordonError('request.invalid', 'file is missing');
    return mediaRequest(body, body.stream === 'true');
  },
  reply: transcript,
  stream: () => new MediaEvents('document'),
  strip: stripTranscript,
  plainText: /^(?:text\/(?:plain|vtt|srt)|application\/(?:x-subrip|srt))(?:[ \t]*;|$)/i,
};

/** `POST /v1/audio/translations`. */
export const translations: Protocol = { ...transcriptions, path: '/audio/translations' };

function mediaRequest(body: JsonObject, stream: boolean): RequestView {
  const places = new Places();
  places.others(body, new Set(), 'user');
  places.unread += filesOf(body, FILES);
  return { model: string(body.model), stream, places, choices: 1, maxOutputTokens: undefined, tools: [], events: [] };
}

function transcript(body: JsonObject): ReplyView {
  const places = new Places();
  places.rest(body, 'text', 'document');
  readPieces(places, body, 'segments', 'text');
  readPieces(places, body, 'words', 'word');
  places.others(body, READ_OF_REPLY, 'document');
  const seconds = [isObject(body.usage) ? body.usage.seconds : undefined, body.duration].find(
    (one) => typeof one === 'number' && one >= 0,
  ) as number | undefined;
  return { places, calls: [], usage: openAiUsage(body.usage), media: seconds === undefined ? {} : { seconds } };
}

/** A list of stretches of the transcript. Also read as one: what is said goes on in the next. */
function readPieces(places: Places, body: JsonObject, list: 'segments' | 'words', field: 'text' | 'word'): void {
  const pieces = body[list];
  if (!Array.isArray(pieces)) return places.rest(body, list, 'document');
  const found = new Map<Place, JsonObject>();
  for (const piece of objectsOf(pieces)) {
    const place = places.text(piece, field, 'document');
    if (place !== undefined) found.set(place, piece);
    places.others(piece, new Set([field]), 'document');
  }
  for (const [at, piece] of (pieces as unknown[]).entries())
    if (typeof piece === 'string') places.rest(pieces as unknown[], at, 'document');
  if (found.size < 2) return;
  places.groups.push({
    places: [...found.keys()],
    remove(place) {
      const at = (pieces as unknown[]).indexOf(found.get(place));
      if (at >= 0) (pieces as unknown[]).splice(at, 1);
    },
  });
}

/** Words, numbers of tokens and probabilities repeat the transcript. */
function stripTranscript(body: JsonObject): void {
  if ('logprobs' in body) body.logprobs = [];
  if (Array.isArray(body.words)) body.words = [];
  for (const segment of objectsOf(body.segments)) if ('tokens' in segment) segment.tokens = [];
}
