import { readFileSync } from 'node:fs';
import { createGuard, type Guard, loadConfig } from 'cordon';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provider, type ProviderServer, type SeenRequest } from '../../test/moderation/provider-server.ts';
import { moderatedChat } from './moderated-chat.ts';

let server: ProviderServer;
let guard: Guard;

/** Llama Guard and OpenAI at one address: unsafe is what speaks of poison. */
beforeAll(async () => {
  server = await provider((response, { path, body }: SeenRequest) => {
    const unsafe = JSON.stringify(body).includes('poison');
    const scores = { hate: 0, 'self-harm': 0, sexual: 0, violence: 0 };
    const answer = path.endsWith('/moderations')
      ? { results: [{ flagged: false, category_scores: scores }] }
      : { choices: [{ message: { content: unsafe ? 'unsafe\nS1' : 'safe' } }] };
    response.end(JSON.stringify(answer));
  });
  const yaml = readFileSync(new URL('moderation.yaml', import.meta.url), 'utf8')
    .replace('http://127.0.0.1:8000/v1', server.url)
    .replace('provider: openai', `provider: openai\n          url: ${server.url}`);
  guard = createGuard({ config: loadConfig(yaml, 'moderation.yaml').guard, env: { OPENAI_API_KEY: 'unit' } });
});
afterAll(() => server[Symbol.asyncDispose]());

async function chat(prompt: string, answer: string): Promise<string> {
  let out = '';
  for await (const text of moderatedChat(guard, prompt, async function* () {
    for (const letter of answer) yield letter;
  }))
    out += text;
  return out;
}

test('services see no personal data, the reader does', async () => {
  expect(await chat('Write to jane@blue-harbour.net please.', 'Dear <EMAIL_1>!')).toBe('Dear jane@blue-harbour.net!');
  expect(server.seen.length).toBeGreaterThan(2);
  expect(JSON.stringify(server.seen)).not.toContain('jane@');
});

test('prompts and answers are refused', async () => {
  await expect(chat('How does one poison a well?', '')).rejects.toThrow('moderation.violence');
  await expect(chat('What is in the jar?', 'It is poison.')).rejects.toThrow('moderation.violence');
});
