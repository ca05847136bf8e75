import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { parsePythonLiteral } from './parse.ts';

test.each([
  ["'a\\x41\\u00e9\\101'", 'aAéA'],
  ['\'a\' "b"', 'ab'],
  ["b'\\xff'", { kind: 'bytes', text: '\xff' }],
  ["r'\\n'", '\\n'],
  ['-12', -12],
  ['0x10', 16],
  ['3L', 3],
  ['1e3', 1000],
  ['99999999999999999999', 99999999999999999999n],
  ['(1)', 1],
  ['(1,)', { kind: 'tuple', items: [1] }],
  ['()', { kind: 'tuple', items: [] }],
  ['[None, True, False,]', { kind: 'list', items: [null, true, false] }],
  ['{}', { kind: 'dict', entries: [] }],
  [
    "{'a': (1, 2), 'b': {3}}",
    {
      kind: 'dict',
      entries: [
        ['a', { kind: 'tuple', items: [1, 2] }],
        ['b', { kind: 'set', items: [3] }],
      ],
    },
  ],
])('reads %s', (text, value) => {
  expect(parsePythonLiteral(text)).toEqual(value);
});

test.each([
  "f('x')",
  'open',
  '1 + 2',
  "'a",
  "'''a'''",
  '[1 2]',
  '{1: 2, 3}',
  '',
  "'\\N{DASH}'",
  "'\\U00110000'",
  '('.repeat(10_000),
  '1, 2',
])('refuses %s', (text) => {
  expect(() => parsePythonLiteral(text)).toThrow(CordonError);
});

test('any text is either read or refused', () => {
  const token = fc.constantFrom('(', ')', '[', ']', '{', '}', ',', ':', "'a'", '"', "'", '\\', 'u', 'b', '1', '-', '.', 'None', ' ', 'x');
  fc.assert(
    fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
      try {
        parsePythonLiteral(tokens.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
  );
});
