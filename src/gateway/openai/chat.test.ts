import { expect, test } from 'vitest';
import { chat } from './chat.ts';

const ask = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

test('as much is reserved as any server may make of the request', () => {
  expect(chat.request({ ...ask, max_completion_tokens: 1, max_tokens: 5_000 }).maxOutputTokens).toBe(5_000);
  expect(chat.request({ ...ask, max_tokens: null, n: null })).toMatchObject({ maxOutputTokens: undefined, choices: 1 });
  for (const odd of [{ n: '5' }, { n: 1.5 }, { n: -1 }, { max_tokens: '9000' }, { max_completion_tokens: [1] }])
    expect(() => chat.request({ ...ask, ...odd }), JSON.stringify(odd)).toThrow(/must be a number/);
});
