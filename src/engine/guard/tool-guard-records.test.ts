import { expect, test } from 'vitest';
import { createToolGuard } from './tool-guard.ts';

const POLICY = {
  records: [{ kind: 'mail', tool: 'search_mail', ids: ['$[*].id'], names: ['$[*].from'] }],
  tools: [
    { id: 'read', tool: ['search_mail', 'fetch_page'], effect: 'allow', sink: 'none' },
    {
      id: 'reply',
      tool: 'reply',
      effect: 'allow',
      sink: 'send',
      intent: [{ id: 'named', values: ['$.id'], origin: ['record'], unless: ['draft'] }],
    },
    { id: 'open', tool: 'open', effect: 'allow', sink: 'fetch', intent: [{ id: 'link', values: ['$.url'], origin: ['linked'] }] },
  ],
} satisfies Parameters<typeof createToolGuard>[0];

function reply(user: string, result: unknown, id = 'm1', asked: object = { text: 'mails' }): string {
  const guard = createToolGuard(POLICY);
  guard.observe({ type: 'message', channel: 'user', text: user });
  guard.decide({ id: 'c', tool: 'search_mail', arguments: asked });
  guard.observe({ type: 'result', callId: 'c', text: typeof result === 'string' ? result : JSON.stringify(result) });
  return guard.decide({ tool: 'reply', arguments: { id } }).effect;
}

const EVA = { id: 'm1', from: 'Eva Lang <eva@lang.example>', body: 'x' };

test.each([
  ['by a part of the name', "Answer Eva's mail", [EVA], 'allow'],
  ['by the address', 'Answer eva@lang.example', [EVA], 'allow'],
  ['not at all', 'Answer Tom', [EVA], 'hold'],
  ['by a name that two go by', 'Answer Eva', [EVA, { ...EVA, id: 'm2', from: 'Eva Long <eva@evil.example>' }], 'hold'],
  ['twice by the same sender', 'Answer Eva', [EVA, { ...EVA, id: 'm2' }], 'allow'],
  ['in a turn that excludes it', 'Draft an answer to Eva', [EVA], 'hold'],
  ['by the text only', 'Answer Eva', [{ id: 'm1', from: 'x@evil.example', body: 'from Eva' }], 'hold'],
  ['in JSON inside a text', 'Answer Eva', [JSON.stringify(EVA)], 'hold'],
  ['in JSON inside JSON', 'Answer Eva', JSON.stringify(JSON.stringify([EVA])), 'hold'],
  ['in what is no JSON', 'Answer Eva', `Results: ${JSON.stringify([EVA])}`, 'hold'],
  ['with a key twice', 'Answer Eva', '[{"id":"m1","from":"x","from":"Eva"}]', 'hold'],
])('a record that the user named %s', (_name, user, result, effect) => {
  expect(reply(user, result)).toBe(effect);
});

test('the only find of a search in the words of the user, called by one of them', () => {
  const plumber = [{ id: 'm1', from: 'Summer sale at the old plumber shop <x@rohr.example>' }];
  expect(reply('Answer the plumber', plumber, 'm1', { text: 'plumber' })).toBe('allow');
  expect(reply('Answer the plumber', plumber, 'm1', { text: 'sale' })).toBe('hold');
  expect(reply('Answer the plumber', plumber, 'm1', {})).toBe('hold');
  expect(reply('Answer the plumber', [...plumber, { id: 'm2', from: 'Other <y@evil.example>' }], 'm1', { text: 'plumber' })).toBe('hold');
});

test.each([
  ['a link in full', 'https://a.example/one', 'allow'],
  ['a link without the site', 'https://a.example/two?p=1', 'allow'],
  ['a path that nobody wrote', 'https://a.example/one/secret', 'hold'],
  ['a fragment that nobody wrote', 'https://a.example/one#secret', 'hold'],
  ['other capitals', 'https://a.example/oNe', 'hold'],
  ['another port', 'https://a.example:8443/two?p=1', 'hold'],
  ['another site', 'https://b.example/three', 'hold'],
])('%s: %s', (_name, url, effect) => {
  const guard = createToolGuard(POLICY);
  guard.observe({ type: 'message', channel: 'user', text: 'Read a.example' });
  guard.decide({ id: 'c', tool: 'fetch_page', arguments: { url: 'https://a.example/' } });
  guard.observe({ type: 'result', callId: 'c', text: 'See https://a.example/one, <a href="/two?p=1">two</a>, https://b.example/three' });
  expect(guard.decide({ tool: 'open', arguments: { url } }).effect).toBe(effect);
});
