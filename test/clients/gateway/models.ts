import type { ServerResponse } from 'node:http';
import { serve, type Served } from '../../e2e/served.ts';
import {
  chatAnswer,
  chatEvents,
  events,
  type Got,
  json,
  message,
  messageEvents,
  type ModelServer,
  modelServer,
} from '../../gateway/model-server.ts';

/** A gateway whose models `chat` and `claude` answer as providers of OpenAI and Anthropic do. */
export interface Gateway {
  readonly models: ModelServer;
  readonly served: Served;
  close(): Promise<void>;
}

/** What the models say in the end. It holds an address that the guard replaces. */
export const SAID = 'It is sunny, says bob.jones@example.org.';
/** {@link SAID} as clients see it. */
export const SEEN = 'It is sunny, says <EMAIL_1>.';

const CALL = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
const USE = { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Bonn' } };

/** Starts it. The models call the tool `weather` first where they are offered one. */
export async function startGateway(): Promise<Gateway> {
  const models = await modelServer(answer);
  const served = await serve({
    gateway: {
      upstreams: [
        { id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` },
        { id: 'anthropic', kind: 'anthropic', url: models.origin, apiKey: 'env:PATH', allowPrivateNetwork: true },
      ],
      models: { chat: { targets: [{ upstream: 'local' }] }, claude: { targets: [{ upstream: 'anthropic' }] } },
    },
  });
  return {
    models,
    served,
    async close() {
      await served.close();
      await models.close();
    },
  };
}

function answer({ url, body }: Got, response: ServerResponse): void {
  const isFirst = Array.isArray(body.tools) && body.messages.every(({ role }: { role: string }) => role !== 'assistant');
  const isStream = body.stream === true;
  if (url === '/v1/messages') {
    if (isStream) events(response, isFirst ? useEvents() : messageEvents(SAID), true);
    else json(response, isFirst ? message([USE], 'tool_use') : message([{ type: 'text', text: SAID }]));
  } else if (isStream) events(response, isFirst ? callEvents() : chatEvents(SAID));
  else {
    const called = chatAnswer(null, { tool_calls: [CALL] }) as { choices: { finish_reason: string }[] };
    called.choices[0]!.finish_reason = 'tool_calls';
    json(response, isFirst ? called : chatAnswer(SAID));
  }
}

function useEvents(): object[] {
  return [
    messageEvents('')[0]!,
    { type: 'content_block_start', index: 0, content_block: { ...USE, input: {} } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '"Bonn"}' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
}

function callEvents(): unknown[] {
  const chunk = (delta: object, finish_reason: string | null = null): object => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const piece = (index: number, text: string): object => chunk({ tool_calls: [{ index, function: { arguments: text } }] });
  return [
    chunk({ role: 'assistant', content: null, tool_calls: [{ index: 0, ...CALL, function: { name: 'weather', arguments: '' } }] }),
    piece(0, '{"city":'),
    piece(0, '"Bonn"}'),
    chunk({}, 'tool_calls'),
    '[DONE]',
  ];
}
