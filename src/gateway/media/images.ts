import { CordonError } from '../../core/errors.ts';
import { integer, objectsOf, string } from '../json/fields.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { openAiUsage } from '../openai/usage.ts';
import { Places } from '../places/places.ts';
import type { Protocol, ReplyView, RequestView } from '../protocol.ts';
import { MediaEvents } from './media-events.ts';
import { readPictures } from './pictures.ts';

const READ_OF_REPLY: ReadonlySet<string> = new Set(['data', 'usage']);
const FILES: ReadonlySet<string> = new Set(['image', 'image[]', 'mask']);
/** Why: a provider that is told no model takes this one. */
const DEFAULT_MODEL = 'dall-e-2';

/** `POST /v1/images/generations`. */
export const imageGenerations: Protocol = {
  family: 'openai',
  path: '/images/generations',
  request: imageRequest,
  reply: imageReply,
  stream: () => new MediaEvents('assistant'),
  block(body) {
    body.data = [];
  },
  strip: () => {},
  refusesAnswers: true,
};

/** `POST /v1/images/edits`. */
export const imageEdits: Protocol = { ...imageGenerations, path: '/images/edits', form: FILES };

/** `POST /v1/images/variations`. */
export const imageVariations: Protocol = { ...imageGenerations, path: '/images/variations', form: FILES };

function imageRequest(body: JsonObject): RequestView {
  const places = new Places();
  places.others(body, new Set(), 'user');
  places.unread += filesOf(body, FILES);
  const count = integer(Number(body.n ?? 1), 1);
  if (count === undefined || count > 10) throw new CordonError('request.invalid', 'n must be a number from 1 to 10');
  return {
    model: string(body.model) || DEFAULT_MODEL,
    stream: String(body.stream) === 'true',
    places,
    choices: count,
    maxOutputTokens: undefined,
    media: { images: { count, size: string(body.size), quality: string(body.quality) } },
    tools: [],
    events: [],
  };
}

function imageReply(body: JsonObject): ReplyView {
  const places = new Places();
  for (const picture of objectsOf(body.data)) {
    const read = new Set<string>();
    readPictures(places, picture, read);
    places.others(picture, read, 'assistant');
  }
  if (!Array.isArray(body.data)) places.rest(body, 'data', 'assistant');
  places.others(body, READ_OF_REPLY, 'assistant');
  const media = Array.isArray(body.data) ? { images: body.data.length } : {};
  return { places, calls: [], usage: openAiUsage(body.usage), media };
}

/** How many files are in these fields of a form. */
export function filesOf(body: JsonObject, fields: ReadonlySet<string>): number {
  let files = 0;
  for (const field of fields) files += Array.isArray(body[field]) ? body[field].length : body[field] === undefined ? 0 : 1;
  return files;
}
