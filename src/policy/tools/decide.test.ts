import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ToolPolicy } from '../../core/tool-policy.ts';
import { compileToolPolicy, decideToolCall } from './decide.ts';
import { mentionsOf, numberMentions, fold } from './taint/mention.ts';
import { addLookup, addOperatorText, addUntrusted, addUserTurn, newToolSession } from './taint/session.ts';
import { readCall } from './tool-call.ts';

const POLICY = compileToolPolicy(
  ToolPolicy.parse({
    default: 'approve',
    tools: [
      { id: 'never', tool: 'format_*', effect: 'deny', sink: 'delete' },
      {
        id: 'small',
        tool: 'pay',
        when: [{ path: '$.amount', type: 'number', max: 10 }],
        effect: 'allow',
        sink: 'pay',
        arguments: [{ path: '$.to', type: 'string' }],
        intent: [{ id: 'named', values: ['$.to'], origin: ['user', 'operator', 'lookup'] }],
      },
      { id: 'pay', tool: 'pay', effect: 'approve', sink: 'pay', whenTainted: 'deny' },
      {
        id: 'send',
        tool: 'send',
        effect: 'allow',
        sink: 'send',
        without: 'deny',
        untainted: ['$.body'],
        intent: [{ id: 'named', values: ['$.to'], said: ['send'], after: ['to'] }],
      },
      { id: 'open', tool: 'open', effect: 'allow', sink: 'execute', whenTainted: 'allow', untainted: ['$.what'] },
      { id: 'read', tool: 'read', effect: 'allow', sink: 'none' },
    ],
  }),
);

const RANK = { allow: 0, hold: 1, deny: 2 };
const word = fc.constantFrom('ann@x.example', 'eve@y.example', 'send', 'to', 'pay', '7', '20', 'hello', 'and', 'from', '');
const words = fc.array(word, { maxLength: 8 }).map((parts) => parts.join(' '));
const call = fc.record({
  tool: fc.constantFrom('pay', 'send', 'open', 'read', 'other', 'format_disk', 'bad name'),
  arguments: fc.oneof(
    fc.record({ to: word, amount: fc.constantFrom(5, 20, 7), body: words, what: word }, { requiredKeys: [] }),
    fc.json({ maxDepth: 3 }),
    fc.constant('{'),
  ),
});

test('more untrusted content never makes a decision milder', () => {
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 3 }),
      words,
      words,
      fc.array(words, { maxLength: 3 }),
      fc.array(words, { minLength: 1, maxLength: 3 }),
      call,
      (turns, operator, found, before, more, asked) => {
        const session = newToolSession();
        for (const turn of turns) addUserTurn(session, turn);
        addOperatorText(session, operator);
        addLookup(session, [], found);
        for (const text of before) addUntrusted(session, 'before', text);
        const first = decideToolCall(POLICY, session, asked);
        expect(decideToolCall(POLICY, session, asked)).toEqual(first);
        for (const text of more) addUntrusted(session, 'more', text);
        const then = decideToolCall(POLICY, session, asked);
        expect(RANK[then.effect]).toBeGreaterThanOrEqual(RANK[first.effect]);
        expect(then.rule).toBe(first.rule);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('no call makes the policy throw, whatever its arguments are', () => {
  const session = newToolSession();
  addUntrusted(session, 'x', 'y');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, withNullPrototype: true }),
      (tool, value) => {
        expect(RANK[decideToolCall(POLICY, session, { tool, arguments: value }).effect]).toBeGreaterThan(0);
        decideToolCall(POLICY, session, { tool: 'send', arguments: value });
      },
    ),
    { numRuns: 2_000 },
  );
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const throwing = {
    get to(): string {
      throw new Error('no');
    },
  };
  for (const value of [
    cyclic,
    throwing,
    '['.repeat(100_000),
    `{"to":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    '{"to":"a","to":"b"}',
    '{"x":"{\\"a\\":1,\\"a\\":2}"}',
    Array.from({ length: 20_000 }, () => 1),
    7,
    '"text"',
    { to: 'x'.repeat(2_000_000) },
  ]) {
    expect(decideToolCall(POLICY, session, { tool: 'read', arguments: value }).effect).toBe('deny');
  }
});

test('the digest of a call does not depend on the order of keys, and on everything else', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }), (value) => {
      const backwards = Object.fromEntries(Object.entries(value).toReversed());
      const digest = (tool: string, given: unknown): string => readCall({ tool, arguments: given }).digest;
      expect(digest('t', backwards)).toBe(digest('t', value));
      expect(digest('t', JSON.stringify(value))).toBe(digest('t', JSON.parse(JSON.stringify(value))));
      expect(digest('u', value)).not.toBe(digest('t', value));
      expect(digest('t', { ...value, more: 'ä' })).not.toBe(digest('t', value));
    }),
  );
});

test.each([
  ['mail ann@x.example now', 'Ann@x.example', true],
  ['mail ann@x.example.', 'ann@x.example', true],
  ['(ann@x.example)', 'ann@x.example', true],
  ['joann@x.example', 'ann@x.example', false],
  ['jo.ann@x.example', 'ann@x.example', false],
  ['jo+ann@x.example', 'ann@x.example', false],
  ['ann@x.example.org', 'ann@x.example', false],
  ['ann@x.example', 'x.example', false],
  ['ｍａｉｌ ann@x.example', 'ａnn@x.example', false],
  ['DE89 3704 0044 0532 0130 00', 'DE89370400440532013000', true],
  ['DE89 3704 0044 0532 0130 001', 'DE89370400440532013000', false],
  ['code 12-34-56', '123456', true],
  ['src/a.ts', 'a.ts', false],
])('in %j the value %j is named: %s', (text, value, named) => {
  expect(mentionsOf(fold(text), value).length > 0).toBe(named);
});

test.each([
  ['pay 98.70 EUR', 98.7, true],
  ['pay 98,70', 98.7, true],
  ['pay 1,200.50 now', 1200.5, true],
  ['pay 1.200,50 now', 1200.5, true],
  ["pay 1'200 francs", 1200, true],
  ['pay 12 000 kr', 12000, true],
  ['pay 100EUR.', 100, true],
  ['pay €100, please', 100, true],
  ['pay 100.50', 100, false],
  ['pay 1100', 100, false],
  ['A100', 100, false],
  ['100%', 100, false],
  ['5k', 5, false],
])('in %j the number %d is named: %s', (text, value, named) => {
  expect(numberMentions(fold(text), value).length > 0).toBe(named);
});
