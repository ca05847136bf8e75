import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../e2e/served.ts';
import { bothProtocols, MAIL_IS_DENIED } from './both-protocols.ts';
import { chatAnswer, events, json, message, type ModelServer, modelServer } from './model-server.ts';
import { ANSWER_ATTACKS } from './translated-answer-attacks.ts';
import { REQUEST_ATTACKS } from './translated-request-attacks.ts';
import { block, chunk, ended, piece, started, STREAM_ATTACKS } from './translated-stream-attacks.ts';
import { CHAT, EMAIL, MAIL, MESSAGES, RESPONSES } from './translated-words.ts';

let models: ModelServer;
let served: Served;

beforeAll(async () => {
  models = await modelServer();
  served = await serve({
    gateway: {
      ...bothProtocols(models, { responses: false }),
      limits: { rules: [{ id: 'poor', match: { principals: ['poor'] }, per: 'principal', tokens: { count: 30_000, per: 'hour' } }] },
    },
    toolPolicy: MAIL_IS_DENIED,
  });
});
afterAll(async () => {
  await served?.close();
  await models?.close();
});
beforeEach(() => {
  models.got.length = 0;
  models.answer = (got, response) =>
    json(response, got.url.includes('messages') ? message([{ type: 'text', text: 'Hello.' }]) : chatAnswer('Hello.'));
});

async function post(route: string, body: object, key = served.admin.key): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${served.server.url}${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

/** Requests to a model that the other protocol serves. */
const REQUESTS: Readonly<Record<string, (more: object) => object>> = {
  [CHAT]: (more) => ({ model: 'c', messages: [{ role: 'user', content: 'hi' }], ...more }),
  [MESSAGES]: (more) => ({ model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }], ...more }),
  [RESPONSES]: (more) => ({ model: 'm', input: 'hi', ...more }),
};
const sent = (): string => models.got.map(({ bytes }) => bytes.toString()).join('\n');

describe('what a client hides does not reach the model, or is not read first', () => {
  test.each(REQUEST_ATTACKS)('%s: %s', async (route, _, more, hidden) => {
    await post(route, REQUESTS[route]!(more));
    expect(sent()).not.toContain(hidden);
  });

  test.each<[string, string, object]>([
    [MESSAGES, 'a limit with a fraction', { max_tokens: 100_000.5 }],
    [MESSAGES, 'a limit as a text', { max_tokens: '100000' }],
    [MESSAGES, 'a limit by another name', { max_completion_tokens: 100_000 }],
    [CHAT, 'the larger of two limits', { max_tokens: 10, max_completion_tokens: 100_000 }],
    [CHAT, 'a limit below none', { max_tokens: -1 }],
    [RESPONSES, 'a limit as a text', { max_output_tokens: '100000' }],
  ])('%s: %s asks for no more than was reserved', async (route, _, more) => {
    const poor = await served.person(`poor`, 'reader@*').catch(() => undefined);
    const key = poor?.key ?? served.admin.key;
    const { status } = await post(route, REQUESTS[route]!(more), key);
    expect([400, 429]).toContain(poor === undefined ? (status === 200 ? 429 : status) : status);
    if (poor !== undefined) expect(models.got).toEqual([]);
  });
});

describe('what a model server hides in its answer does not reach the client', () => {
  test.each(ANSWER_ATTACKS)('%s: %s', async (route, _, answer, hidden) => {
    models.answer = (_got, response) => json(response, answer);
    const { text } = await post(route, REQUESTS[route]!({}));
    expect(text).not.toContain(hidden);
  });

  test.each<[string, object]>([
    [CHAT, { type: 'error', error: { type: 'invalid_request_error', message: MAIL } }],
    [CHAT, { error: MAIL }],
    [MESSAGES, { error: { message: MAIL, type: EMAIL, code: EMAIL } }],
    [MESSAGES, { detail: MAIL }],
    [RESPONSES, { error: { message: MAIL, code: EMAIL } }],
  ])('%s: an error', async (route, answer) => {
    models.answer = (_got, response) => json(response, answer, 400);
    const { text } = await post(route, REQUESTS[route]!({}));
    expect(text).not.toContain(EMAIL);
  });

  test.each(STREAM_ATTACKS)('%s: %s of a stream', async (route, _, list, hidden) => {
    models.answer = (_got, response) => events(response, list, route === CHAT);
    const { text: got } = await post(route, REQUESTS[route]!({ stream: true }));
    expect(got).not.toContain(hidden);
    expect(got).not.toContain(EMAIL);
  });

  test.each([
    [
      CHAT,
      '"finish_reason":"content_filter"',
      [started, ...block(0, { type: 'tool_use', id: 'a', name: 'send_mail', input: {} }), ...ended],
    ],
    [MESSAGES, '"stop_reason":"refusal"', [piece(0, '{}', { name: 'send_mail' }), chunk({}, 'tool_calls'), '[DONE]']],
    [RESPONSES, '"reason":"content_filter"', [piece(0, '{}', { name: 'send_mail' }), chunk({}, 'tool_calls'), '[DONE]']],
  ] as const)('%s: an answer that is stopped ends as one', async (route, reason, list) => {
    models.answer = (_got, response) => events(response, list as never, route === CHAT);
    expect((await post(route, REQUESTS[route]!({ stream: true }))).text).toContain(reason);
  });
});
