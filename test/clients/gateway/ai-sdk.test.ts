import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, SEEN, startGateway } from './models.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.close());

describe.each(['chat', 'claude'])('the Vercel AI SDK, model %s', (name) => {
  const model = () =>
    createOpenAICompatible({ name: 'cordon', baseURL: `${gateway.served.server.url}/v1`, apiKey: gateway.served.admin.key })(name);
  const asked = { system: 'Be brief.', prompt: 'Weather in Bonn?', maxRetries: 0 };
  const tools = {
    weather: tool({
      description: 'Tells the weather.',
      inputSchema: jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }),
      execute: ({ city }) => `Sunny in ${city}.`,
    }),
  };

  test('an answer, whole and streamed', async () => {
    const { text, finishReason, usage } = await generateText({ ...asked, model: model() });
    expect([text, finishReason, usage.inputTokens]).toEqual([SEEN, 'stop', 10]);
    const streamed = streamText({ ...asked, model: model() });
    expect([await streamed.text, await streamed.finishReason]).toEqual([SEEN, 'stop']);
  });

  test('tools that it runs, whole and streamed', async () => {
    const { text, steps } = await generateText({ ...asked, model: model(), tools, stopWhen: stepCountIs(3) });
    expect(text).toBe(SEEN);
    expect(steps[0]!.toolResults).toMatchObject([{ toolName: 'weather', input: { city: 'Bonn' }, output: 'Sunny in Bonn.' }]);
    const streamed = streamText({ ...asked, model: model(), tools, stopWhen: stepCountIs(3) });
    expect([await streamed.text, (await streamed.steps).length]).toEqual([SEEN, 2]);
    expect(JSON.stringify(gateway.models.got.at(-1)!.body)).toContain('Sunny in Bonn.');
  });
});
