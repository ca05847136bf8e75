import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { bothProtocols } from './both-protocols.ts';
import { ANSWER_CHANNELS, REQUEST_CHANNELS } from './channels.ts';
import { MEDIA_ANSWERS, MEDIA_REQUESTS } from './media-channels.ts';
import { chatAnswer, events, json, type ModelServer, modelServer } from './model-server.ts';

const EMAIL = 'ann.smith@example.com';
const KEY = 'AKIAQX3FLKJH7NPVBT2M';
const VALUES = [EMAIL, KEY];
/** How a text can be written in the JSON of a request or answer. */
const ENCODINGS: Readonly<Record<string, (json: string) => string>> = {
  plain: (text) => text,
  escaped: (text) =>
    VALUES.reduce(
      (all, value) =>
        all.replaceAll(value, [...value].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')),
      text,
    ),
};

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({ gateway: bothProtocols(models) });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

async function post(route: string, body: string | FormData): Promise<{ status: number; text: string }> {
  const type: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  const headers = { authorization: `Bearer ${served.admin.key}`, ...type };
  const response = await fetch(`${served.server.url}${route}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

/** A request as it is sent, streamed where it says so. */
function written(request: object, encode: (json: string) => string = (text) => text, stream = false): string | FormData {
  if (!(request instanceof FormData)) return encode(JSON.stringify(stream ? { ...request, stream: true, stream_format: 'sse' } : request));
  const form = new FormData();
  for (const [name, value] of request) form.append(name, value);
  if (stream) form.append('stream', 'true');
  return form;
}

/** Everything in it that a reader would see, with escapes read. */
function readable(text: string): string {
  return text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

describe.each([...REQUEST_CHANNELS, ...MEDIA_REQUESTS])('$route, $name', ({ route, body }) => {
  test.each(Object.entries(ENCODINGS))('never reaches the model (%s)', async (_, encode) => {
    for (const value of VALUES) {
      models.got.length = 0;
      models.answer = (got, response) =>
        json(
          response,
          got.url.includes('messages') ? { type: 'message', role: 'assistant', content: [], input_tokens: 3 } : chatAnswer('ok'),
        );
      const { status, text } = await post(route, written(body(value), encode));
      const sent = readable(models.got.map(({ bytes }) => bytes.toString()).join(''));
      expect(status === 200 ? sent !== '' : status === 400, text).toBe(true);
      expect(sent).not.toContain(value);
      expect(readable(text)).not.toContain(value);
    }
  });
});

const ANSWERS = [...ANSWER_CHANNELS, ...MEDIA_ANSWERS];

describe.each(ANSWERS)('$route, $name', ({ route, request, whole }) => {
  test.each(Object.entries(ENCODINGS))('never reaches the client (%s)', async (_, encode) => {
    for (const value of VALUES) {
      models.answer = (_got, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(encode(JSON.stringify(whole(`to ${value} now`))));
      const { status, text } = await post(route, written(request));
      expect(status, text).toBe(200);
      expect(readable(text)).not.toContain(value);
    }
  });
});

describe.each(ANSWERS.filter(({ stream }) => stream !== undefined))('$route, $name, streamed', ({ route, request, stream }) => {
  test('never reaches the client, however it is cut', async () => {
    for (const value of VALUES) {
      for (const size of [1, 3, 7, 100]) {
        const pieces = `to ${value} now`.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
        models.answer = (_got, response) => events(response, stream!(pieces), route.startsWith('/anthropic'));
        const { status, text } = await post(route, written(request, undefined, true));
        expect(status, text).toBe(200);
        expect(joined(text)).not.toContain(value);
        expect(joined(text)).not.toContain(value.slice(0, 12));
      }
    }
  });
});

/** What a client puts together: all strings of all events, one after the other. */
function joined(text: string): string {
  const strings: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') strings.push(value);
    else if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) walk(child);
  };
  for (const line of text.split('\n')) if (line.startsWith('data: {')) walk(JSON.parse(line.slice(6)));
  // Why without names and ids: they stand between the pieces.
  return strings
    .filter(
      (one) =>
        !/^(?:x|m|i|c|c1|t1|msg_1|resp_1|chat\.completion\.chunk|text_completion|function|look_up|content_block_delta|text_delta|thinking_delta|input_json_delta|novel_delta|transcript\.text\.(?:delta|segment)|seg_\d+|A|response\.\w+\.delta)$/.test(
          one,
        ),
    )
    .join('');
}
