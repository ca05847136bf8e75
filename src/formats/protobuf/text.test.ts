import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { int, len, message } from '../../../test/makers/protobuf.ts';
import { TextParser } from './text.ts';
import { unescapeText } from './text-escapes.ts';

const SCHEMA = { Root: { name: [1, 'bytes'], size: [2, 'varint'], child: [3, 'Root'], kind: [4, 'type'] } } as const;

function parse(text: string): Buffer {
  return Buffer.from(new TextParser(text, SCHEMA, { KIND_A: 7 }, new Budget(Limits.parse({}))).message('Root'));
}

test('writes what the schema knows and reads past the rest', () => {
  const text = `
    # a comment
    name: "one" 'two'  size: -3; other { deep < x: 1 > list: [1, 2, "a"] }
    child { name: "\\101\\x42\\n" kind: KIND_A }  child: < size: 0x10 >, [type.googleapis.com/a.B] { size: 9 }
  `;
  const expected = message(len(1, 'onetwo'), int(2, -3), len(3, len(1, 'AB\n'), int(4, 7)), len(3, int(2, 16)));
  expect(parse(text)).toEqual(expected);
});

test('lists become repeated fields', () => {
  expect(parse('name: ["a", "b"] child: [{ size: 1 }, { size: 2 }]')).toEqual(
    message(len(1, 'a'), len(1, 'b'), len(3, int(2, 1)), len(3, int(2, 2))),
  );
});

test('resolves every escape', () => {
  expect(Buffer.from(unescapeText(String.raw`\a\t\"\\\377\0\u00e9\U0001F600`))).toEqual(
    Buffer.concat([Buffer.from([7, 9, 0x22, 0x5c, 0xff, 0]), Buffer.from('é😀')]),
  );
});

test.each(['child {', 'name: "open', 'name:', '}', 'child { ] }', 'child {'.repeat(200)])('refuses %j', (text) => {
  expect(() => parse(text)).toThrow(CordonError);
});

test('any text is read or refused', () => {
  const token = fc.constantFrom('name', ':', '{', '}', '<', '>', '[', ']', '"a"', "'", '"', '\\', '#', '\n', ' ', '1', 'child', 'size');
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
      try {
        parse(tokens.join(''));
      } catch (error) {
        if (!(error instanceof CordonError)) throw error;
      }
    }),
  );
});
