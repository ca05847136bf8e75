import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { bothProtocols } from './both-protocols.ts';
import { ANSWER_CHANNELS, REQUEST_CHANNELS } from './channels.ts';
import { chatAnswer, events, json, message, type ModelServer, modelServer } from './model-server.ts';

const CHAT = '/v1/chat/completions';
const MESSAGES = '/anthropic/v1/messages';
const RESPONSES = '/v1/responses';
const VALUES = ['ann.smith@example.com', 'AKIAQX3FLKJH7NPVBT2M'];
/** Each route with a request to a model that is served by the other protocol. */
const OTHER: Readonly<Record<string, { readonly route: string; readonly request: object }>> = {
  [CHAT]: { route: MESSAGES, request: { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] } },
  [MESSAGES]: { route: CHAT, request: { model: 'c', messages: [{ role: 'user', content: 'hi' }] } },
};
/** Channels of requests that have no counterpart: refused, and nobody is asked. */
const REFUSED: ReadonlySet<string> = new Set([
  `${CHAT} unknown role`,
  `${CHAT} unknown part`,
  `${CHAT} name`,
  `${CHAT} prediction`,
  `${CHAT} metadata`,
  `${CHAT} field name`,
  `${CHAT} unknown field`,
  `${MESSAGES} assistant`,
  `${MESSAGES} tool arguments`,
  `${MESSAGES} document title`,
  `${MESSAGES} thinking`,
  `${MESSAGES} unknown block`,
]);

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({ gateway: bothProtocols(models, { responses: false }) });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});

async function post(route: string, body: object): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${served.admin.key}`, 'content-type': 'application/json' };
  const response = await fetch(`${served.server.url}${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

const texts = (route: string): boolean => Object.hasOwn(OTHER, route);

describe.each(REQUEST_CHANNELS.filter(({ route }) => texts(route)))('$route, $name, translated', ({ route, name, body }) => {
  test('never reaches the model', async () => {
    for (const value of VALUES) {
      models.got.length = 0;
      models.answer = (got, response) =>
        json(response, got.url.includes('messages') ? message([{ type: 'text', text: 'ok' }]) : chatAnswer('ok'));
      const { status, text } = await post(route, { ...body(value), model: route === CHAT ? 'c' : 'm' });
      const sent = models.got.map(({ bytes }) => bytes.toString()).join('');
      // Why also refused by the guard: it refuses a key in a field name.
      expect(REFUSED.has(`${route} ${name}`) ? 400 : 200, text).toBe(status);
      expect(sent === '').toBe(status === 400);
      expect(sent + text).not.toContain(value);
    }
  });
});

describe.each(ANSWER_CHANNELS.filter(({ route }) => texts(route)))('$route, $name, translated', ({ route, name, whole, stream }) => {
  const other = OTHER[route]!;

  test('never reaches the client', async () => {
    for (const value of VALUES) {
      models.answer = (_got, response) => json(response, whole(`to ${value} now`));
      const { status, text } = await post(other.route, other.request);
      expect(status, text).toBe(route === MESSAGES && name === 'unknown delta' ? 502 : 200);
      expect(text).not.toContain(value);
    }
  });

  test.runIf(stream !== undefined)('never reaches the client in pieces, however it is cut', async () => {
    for (const value of VALUES) {
      for (const size of [1, 3, 7, 100]) {
        const pieces = `to ${value} now`.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
        models.answer = (_got, response) => events(response, stream!(pieces), route === MESSAGES);
        const { status, text } = await post(other.route, { ...other.request, stream: true });
        expect(status, text).toBe(200);
        expect(joined(text)).not.toContain(value.slice(0, 12));
      }
    }
  });
});

/** Routes of answers, and a model for each that a client of responses reaches by it. */
const AS_RESPONSE: Readonly<Record<string, string>> = { [CHAT]: 'm', [MESSAGES]: 'c' };

describe.each(REQUEST_CHANNELS.filter(({ route }) => route === RESPONSES))('$route, $name, translated', ({ body }) => {
  test('never reaches the model', async () => {
    for (const value of VALUES) {
      for (const model of ['m', 'c']) {
        models.got.length = 0;
        models.answer = (got, response) =>
          json(response, got.url.includes('messages') ? message([{ type: 'text', text: 'ok' }]) : chatAnswer('ok'));
        const { status, text } = await post(RESPONSES, { ...body(value), model });
        const sent = models.got.map(({ bytes }) => bytes.toString()).join('');
        expect([200, 400], text).toContain(status);
        expect(sent === '').toBe(status === 400);
        expect(sent + text).not.toContain(value);
      }
    }
  });
});

describe.each(ANSWER_CHANNELS.filter(({ route }) => Object.hasOwn(AS_RESPONSE, route)))(
  '$route, $name, translated to a response',
  ({ route, name, whole, stream }) => {
    const request = { model: AS_RESPONSE[route], input: 'hi' };

    test('never reaches the client', async () => {
      for (const value of VALUES) {
        models.answer = (_got, response) => json(response, whole(`to ${value} now`));
        const { status, text } = await post(RESPONSES, request);
        expect([200, ...(/unknown|custom|call|third/.test(name) ? [502] : [])], text).toContain(status);
        expect(text).not.toContain(value);
      }
    });

    test.runIf(stream !== undefined)('never reaches the client in pieces, however it is cut', async () => {
      for (const value of VALUES) {
        for (const size of [1, 7, 100]) {
          const pieces = `to ${value} now`.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
          models.answer = (_got, response) => events(response, stream!(pieces), route === MESSAGES);
          const { status, text } = await post(RESPONSES, { ...request, stream: true });
          expect(status, text).toBe(200);
          expect(text).not.toContain(value);
          expect(joined(text)).not.toContain(value.slice(0, 12));
        }
      }
    });
  },
);

/** What a client puts together: the texts of all events, one after the other. */
function joined(text: string): string {
  const strings: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string' && /^(?:content|refusal|reasoning_content|arguments|text|thinking|partial_json|delta)$/.test(key))
      strings.push(value);
    else if (typeof value === 'object' && value !== null) for (const [name, child] of Object.entries(value)) walk(child, name);
  };
  for (const line of text.split('\n')) if (line.startsWith('data: {')) walk(JSON.parse(line.slice(6)), '');
  return strings.join('');
}
