import { CordonError } from '../../core/errors.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Protocol, RequestView } from '../protocol.ts';
import { ChatStream } from './chat-stream.ts';
import { hasNumbers } from './completions.ts';
import { openAiUsage } from './usage.ts';

const READ_OF_REQUEST: ReadonlySet<string> = new Set(['input']);
const READ_OF_REPLY: ReadonlySet<string> = new Set(['data']);
const EMBEDDING: ReadonlySet<string> = new Set(['embedding']);
const NOTHING: ReadonlySet<string> = new Set();
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** `POST /v1/embeddings`: the input is data that was collected, not the words of whoever asks. */
export const embeddings: Protocol = {
  family: 'openai',
  path: '/embeddings',
  request: (body) => inputRequest(body, 'document'),
  reply(body) {
    const places = new Places();
    for (const one of objectsOf(body.data)) places.others(one, isVector(one.embedding) ? EMBEDDING : NOTHING, 'assistant');
    if (!Array.isArray(body.data)) places.rest(body, 'data', 'assistant');
    else
      for (const [at, one] of (body.data as unknown[]).entries()) if (!isObject(one)) places.rest(body.data as unknown[], at, 'assistant');
    places.others(body, READ_OF_REPLY, 'assistant');
    return { places, calls: [], usage: openAiUsage(body.usage) };
  },
  stream: () => new ChatStream(),
  block(body) {
    body.data = [];
  },
  strip: () => {},
};

/** `POST /v1/moderations`: texts are sent to be judged, so attacks in them are no attacks. Personal data and secrets are replaced. */
export const moderations: Protocol = {
  ...embeddings,
  path: '/moderations',
  // Why a name: clients need not say one.
  request: (body) => ({ ...inputRequest(body, 'assistant'), model: string(body.model) || 'omni-moderation-latest' }),
  reply(body) {
    const places = new Places();
    places.others(body, new Set(), 'assistant');
    return { places, calls: [], usage: undefined };
  },
  block(body) {
    body.results = [];
  },
};

/** Numbers, or numbers of four bytes each in base64. */
function isVector(value: unknown): boolean {
  if (typeof value === 'string') return value.length > 64 && BASE64.test(value);
  return Array.isArray(value) && (value as unknown[]).every((number) => typeof number === 'number' && Math.abs(number) < 1e9);
}

function inputRequest(body: JsonObject, channel: 'document' | 'assistant'): RequestView {
  if (hasNumbers(body.input)) throw new CordonError('request.invalid', 'input must be text; tokens cannot be checked');
  const places = new Places();
  places.rest(body, 'input', channel);
  places.others(body, READ_OF_REQUEST, channel);
  const model = string(body.model);
  return { model, stream: false, places, choices: 1, maxOutputTokens: 1, tools: [], events: [] };
}
