import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoModel, startDemoModel } from './demo-model.ts';

let demo: DemoModel;
let openai: OpenAI;

beforeAll(async () => {
  demo = await startDemoModel();
  openai = new OpenAI({ baseURL: demo.url, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => demo.close());

const model = 'demo';

test('chats are repeated, whole and streamed, as often as asked', async () => {
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'good morning' }] }];
  const { choices } = await openai.chat.completions.create({ model, messages, n: 2 });
  expect(choices.map(({ message }) => message.content)).toEqual(['You said: good morning', 'You said: good morning']);
  const texts = ['', ''];
  for await (const { choices: made } of await openai.chat.completions.create({ model, messages, n: 2, stream: true }))
    for (const { index, delta } of made) texts[index] += delta.content ?? '';
  expect(texts).toEqual(['You said: good morning', 'You said: good morning']);
});

test('every other address answers as its clients read it', async () => {
  expect((await openai.completions.create({ model, prompt: 'hi' })).choices[0]!.text).toBe('You said: hi');
  const { data } = await openai.embeddings.create({ model, input: ['a', 'b', 'a'] });
  expect(data[0]!.embedding).toEqual(data[2]!.embedding);
  expect(data[0]!.embedding).not.toEqual(data[1]!.embedding);
  expect(Math.hypot(...data[0]!.embedding)).toBeCloseTo(1);
  const plain = await openai.embeddings.create({ model, input: 'a', encoding_format: 'float' });
  plain.data[0]!.embedding.forEach((number, at) => expect(number).toBeCloseTo(data[0]!.embedding[at]!, 5));
  expect((await openai.moderations.create({ input: 'hi' })).results).toMatchObject([{ flagged: false }]);
});

test('what it does not know is an error', async () => {
  await expect(openai.images.generate({ model, prompt: 'a' })).rejects.toMatchObject({ status: 404 });
  const refused = await fetch(`${demo.url}/chat/completions`, { method: 'POST', body: '{' });
  expect(refused.status).toBe(400);
});
