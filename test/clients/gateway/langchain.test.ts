import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from './models.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.close());

const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};
const asked = [new SystemMessage('Be brief.'), new HumanMessage('Weather in Bonn? I am ann.smith@example.com')];

describe.each(['chat', 'claude'])('LangChain.js, model %s', (model) => {
  const client = () =>
    new ChatOpenAI({
      model,
      apiKey: gateway.served.admin.key,
      configuration: { baseURL: `${gateway.served.server.url}/v1` },
      maxRetries: 0,
    });

  test('an answer, whole and streamed', async () => {
    const whole = await client().invoke(asked);
    expect(whole.text).toMatch(/^It is sunny, says <EMAIL_\d>\.$/);
    expect(whole.usage_metadata).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    let text = '';
    for await (const chunk of await client().stream(asked)) text += chunk.text;
    expect(text).toBe(whole.text);
    expect(JSON.stringify(gateway.models.got.at(-1)!.body)).not.toContain('ann.smith');
  });

  test('a tool, whole and streamed', async () => {
    const bound = client().bindTools([weather]);
    const first = await bound.invoke(asked);
    expect(first.tool_calls).toMatchObject([{ id: 'call_1', name: 'weather', args: { city: 'Bonn' } }]);
    const second = await bound.invoke([...asked, first, new ToolMessage({ tool_call_id: 'call_1', content: 'Sunny.' })]);
    expect(second.text).toMatch(/sunny/);
    expect(JSON.stringify(gateway.models.got.at(-1)!.body)).toContain('Sunny.');
    let gathered;
    for await (const chunk of await bound.stream(asked)) gathered = gathered === undefined ? chunk : gathered.concat(chunk);
    expect(gathered?.tool_calls).toMatchObject([{ id: 'call_1', name: 'weather', args: { city: 'Bonn' } }]);
  });
});
