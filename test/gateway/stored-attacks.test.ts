import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KeptCallers, message, said } from './kept-callers.ts';
import { chatAnswer, events, json } from './model-server.ts';

let all: KeptCallers;

beforeAll(async () => {
  all = await KeptCallers.start();
});
afterAll(() => all?.close());
beforeEach(() => all.reset());

describe('what somebody else made is named by no request', () => {
  test.each<[string, string, object]>([
    ['an earlier response', '/v1/responses', { input: 'hi', previous_response_id: 'resp_of_eve' }],
    ['a conversation', '/v1/responses', { input: 'hi', conversation: { id: 'conv_1' } }],
    ['an item', '/v1/responses', { input: [{ type: 'item_reference', id: 'msg_of_eve' }] }],
    ['an item without a type', '/v1/responses', { input: [{ id: 'msg_of_eve' }] }],
    ['a picture that was made', '/v1/responses', { input: [{ type: 'image_generation_call', id: 'ig_of_eve' }] }],
    [
      'a picture that was made, without its bytes',
      '/v1/responses',
      { input: [{ type: 'image_generation_call', id: 'ig_of_eve', result: null }] },
    ],
    ['reasoning', '/v1/responses', { input: [{ type: 'reasoning', id: 'rs_of_eve', summary: [] }] }],
    ['a search', '/v1/responses', { input: [{ type: 'file_search_call', id: 'fs_of_eve' }] }],
    [
      'a file in an input that is called that of a tool',
      '/v1/responses',
      { type: 'tool_use', input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-eve' }] }] },
    ],
    [
      'an item in an input that is called that of a tool',
      '/v1/responses',
      { type: 'my_tool_use', input: [{ type: 'item_reference', id: 'msg_of_eve' }] },
    ],
    [
      'a file in a message that is called that of a tool',
      '/v1/responses',
      { input: [{ type: 'x_tool_use', input: [{ type: 'input_file', file_id: 'file-eve' }] }] },
    ],
    [
      'a file of a tool',
      '/v1/responses',
      { input: 'hi', tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-eve'] } }] },
    ],
    ['a mask', '/v1/responses', { input: 'hi', tools: [{ type: 'image_generation', input_image_mask: { file_id: 'file-eve' } }] }],
    [
      'a picture of a screen',
      '/v1/responses',
      { input: [{ type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot', file_id: 'file-eve' } }] },
    ],
    [
      'a recording of an answer',
      '/v1/chat/completions',
      {
        messages: [
          { role: 'assistant', audio: { id: 'audio_of_eve' } },
          { role: 'user', content: 'hi' },
        ],
      },
    ],
    [
      'a file in a chat',
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-eve' } }] }] },
    ],
  ])('%s', async (_, path, body) => {
    const answer = await all.ask('POST', path, { model: 'm', ...body });
    expect([answer.status, all.models.got.length]).toEqual([404, 0]);
  });

  test('what is one’s own is', async () => {
    all.models.answer = (got, response) =>
      got.url.includes('chat')
        ? json(response, {
            ...chatAnswer(null),
            choices: [
              {
                index: 0,
                message: { role: 'assistant', content: null, audio: { id: 'audio_1', data: 'AAAA', transcript: 'Hello.' } },
                finish_reason: 'stop',
              },
            ],
          })
        : json(
            response,
            said('resp_own', {
              output: [
                { type: 'image_generation_call', id: 'ig_own', result: 'AAAA' },
                { type: 'reasoning', id: 'rs_own', summary: [] },
              ],
            }),
          );
    await all.ask('POST', '/v1/responses', { model: 'm', input: 'hi' });
    await all.ask('POST', '/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    for (const input of [[{ type: 'image_generation_call', id: 'ig_own' }], [{ type: 'reasoning', id: 'rs_own', summary: [] }]])
      expect((await all.ask('POST', '/v1/responses', { model: 'm', input })).status).toBe(200);
    const again = [
      { role: 'assistant', audio: { id: 'audio_1' } },
      { role: 'user', content: 'hi' },
    ];
    expect((await all.ask('POST', '/v1/chat/completions', { model: 'm', messages: again })).status).toBe(200);
    expect((await all.ask('POST', '/v1/chat/completions', { model: 'm', messages: again }, all.eve)).status).toBe(404);
  });

  test('what a client carries along whole refers to nothing', async () => {
    const input = [
      { type: 'reasoning', id: 'rs_x', summary: [], encrypted_content: 'AAAA' },
      { type: 'reasoning', id: 'rs_y', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      { type: 'image_generation_call', id: 'ig_x', result: 'AAAA' },
      { type: 'message', id: 'msg_x', role: 'assistant', content: [{ type: 'output_text', text: 'Hello.' }] },
      { type: 'function_call', id: 'fc_x', call_id: 'c', name: 'f', arguments: '{}' },
      { role: 'user', content: 'hi' },
    ];
    expect((await all.ask('POST', '/v1/responses', { model: 'm', input })).status).toBe(200);
  });
});

describe('a response that is read again says no more than when it was made', () => {
  const stream = (id: string, pieces: readonly string[]) => [
    { type: 'response.created', response: said(id, { status: 'in_progress', output: [] }), sequence_number: 0 },
    ...pieces.map((delta, at) => ({
      type: 'response.output_text.delta',
      output_index: 0,
      content_index: 0,
      item_id: 'i',
      delta,
      sequence_number: at + 1,
    })),
    { type: 'response.completed', response: said(id, { output: [message(pieces.join(''))] }), sequence_number: pieces.length + 1 },
  ];

  /** Text that a client gets who goes on behind an event. */
  async function textAfter(id: string, pieces: readonly string[], after: number): Promise<{ text: string; sequence: number[] }> {
    all.models.answer = (got, response) => {
      const from = Number(/starting_after=(\d+)/.exec(got.url)?.[1] ?? -1);
      events(
        response,
        stream(id, pieces).filter(({ sequence_number }) => sequence_number > from),
        true,
      );
    };
    const { text } = await all.ask('GET', `/v1/responses/${id}?stream=true&starting_after=${after}`);
    const got = text
      .split('\n')
      .filter((one) => one.startsWith('data: {'))
      .map((one) => JSON.parse(one.slice(6)) as { delta?: string; sequence_number: number });
    return { text, sequence: got.map(({ sequence_number }) => sequence_number) };
  }

  test.each<[string, readonly string[], string]>([
    ['a key without its beginning', ['The key is AK', 'IAQX3FLKJH7NPVBT2M', ' .'], 'IAQX3FLKJH7NPVBT2M'],
    ['an address without its name', ['Mail all.ann.lee', '@example.com', ' now.'], '@example.com'],
    ['a card without its first digits', ['Card 4111 11', '11 1111 1111', ' .'], '11 1111 1111'],
  ])('%s', async (_, pieces, hidden) => {
    const { body } = await all.ask('POST', '/v1/responses', { model: 'm', input: 'hi' });
    const id = body.id as string;
    for (let after = 0; after < pieces.length; after++) {
      const { text, sequence } = await textAfter(id, pieces, after);
      expect(text).toContain('response.completed');
      expect(text).not.toContain(hidden);
      expect(sequence.every((one) => one > after)).toBe(true);
    }
  });

  test('one that is not complete shows nothing of what it begins to say', async () => {
    const { body } = await all.ask('POST', '/v1/responses', { model: 'm', input: 'hi', background: true });
    const id = body.id as string;
    for (const status of ['in_progress', 'queued']) {
      all.models.answer = (_, response) => json(response, said(id, { status, output: [message('The card is 4111 1111 1111 11')] }));
      const { text } = await all.ask('GET', `/v1/responses/${id}`);
      expect(text).toContain(status);
      expect(text).not.toContain('4111');
    }
  });

  test('an answer about something else is none', async () => {
    const { body } = await all.ask('POST', '/v1/responses', { model: 'm', input: 'hi' });
    all.models.answer = (_, response) => json(response, said('resp_of_eve'));
    expect((await all.ask('GET', `/v1/responses/${body.id}`)).status).toBe(502);
    const file = (await all.upload('Hello.')).body;
    all.models.answer = (_, response) => json(response, { id: 'file-eve', object: 'file', filename: 'of-eve.txt' });
    expect((await all.ask('GET', `/v1/files/${file.id}`)).status).toBe(502);
  });
});
