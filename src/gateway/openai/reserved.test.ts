import { expect, test } from 'vitest';
import { messages } from '../anthropic/messages.ts';
import { checkNames } from '../json/asked-for.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { Protocol } from '../protocol.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { responses } from './responses.ts';

const conversation = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const ROUTES: readonly (readonly [string, Protocol, JsonObject])[] = [
  ['chat', chat, conversation],
  ['completions', completions, { model: 'm', prompt: 'hi' }],
  ['responses', responses, { model: 'm', input: 'hi' }],
  ['messages', messages, conversation],
];

test.each(ROUTES)('%s: as much is reserved as any server may make of the request', (_, protocol, ask) => {
  const reserved = (more: JsonObject): unknown => {
    const { choices, maxOutputTokens } = protocol.request({ ...ask, ...more });
    return [choices, maxOutputTokens];
  };
  expect(reserved({})).toEqual([1, undefined]);
  expect(reserved({ max_tokens: null, n: null })).toEqual([1, undefined]);
  expect(reserved({ max_completion_tokens: 1, max_tokens: 5_000, max_output_tokens: 7 })).toEqual([1, 5_000]);
  expect(reserved({ max_tokens: 1, n_predict: 9_000 })).toEqual([1, 9_000]);
  expect(reserved({ max_tokens: 5, n: 2, best_of: 20 })).toEqual([20, 5]);
  const names = ['n', 'best_of', 'max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_new_tokens', 'n_predict'];
  for (const name of names)
    for (const odd of ['5', 1.5, -1, true, [1], {}, 2 ** 60, ''])
      expect(() => reserved({ [name]: odd }), `${name}: ${JSON.stringify(odd)}`).toThrow(/must be a number/);
});

test('each of several prompts has its answers', () => {
  const choices = (prompt: unknown, more: object = {}): number => completions.request({ model: 'm', prompt, ...more }).choices;
  expect(choices(['a', 'b', 'c'])).toBe(3);
  expect(choices(['a', ['b', ['c', 'd']]], { n: 2, best_of: 5 })).toBe(20);
  expect(choices([], { n: 2 })).toBe(2);
  expect(completions.request({ model: 'm', prompt: 'a', max_tokens: 0, echo: true }).maxOutputTokens).toBe(0);
});

test.each(['Max_Tokens', 'N', 'MODEL', 'Best_Of', 'max_to\u212aen\u017f'])('a field called %s is refused', (name) => {
  expect(() => checkNames({ ...conversation, [name]: 1 })).toThrow('must be written');
  expect(() => checkNames({ ...conversation, max_tokens: 1, n: 1, user: 'N', Temperature: 1 })).not.toThrow();
});
