import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { parseJson } from './parse.ts';
import { JsonReader } from './reader.ts';
import { json } from './signature.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
/** Through JSON.parse, so that prototypes and -0 do not matter. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('reads whatever JSON.stringify writes, as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(plain(parseJson(bytes(text)).value)).toEqual(JSON.parse(text));
    }),
  );
});

test('accepts and refuses exactly what JSON.parse does on mutated texts', () => {
  const mutation = fc.tuple(
    fc.nat(),
    fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', '.', 'e', 't', '\u0001', 'u00e', ' '),
  );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.array(mutation, { minLength: 1, maxLength: 3 }), (value, mutations) => {
      let text = JSON.stringify(value);
      for (const [at, put] of mutations) {
        const i = at % (text.length + 1);
        text = text.slice(0, i) + put + text.slice(i + 1);
      }
      text = Buffer.from(text).toString(); // a cut surrogate pair becomes U+FFFD, as it does in bytes
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expect(() => parseJson(bytes(text)), text).toThrow(CordonError);
        return;
      }
      expect(plain(parseJson(bytes(text)).value), text).toEqual(plain(expected));
    }),
    { numRuns: 2000 },
  );
});

test('any bytes either parse or throw a CordonError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (input) => {
      try {
        parseJson(input, { nonFinite: true });
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('reports duplicate keys with their offsets, also escaped ones and __proto__', () => {
  expect(parseJson(bytes('{"a":1,"b":{"a":2},"\\u0061":3}')).duplicates).toEqual([{ key: 'a', offset: 19 }]);
  const { value, duplicates } = parseJson(bytes('{"__proto__":1,"constructor":2}'));
  expect(duplicates).toEqual([]);
  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
});

test('bounds nesting without overflowing the stack', () => {
  expect(() => parseJson(bytes('['.repeat(1_000_000)))).toThrow('deeper than 128');
  expect(() => parseJson(bytes('['.repeat(200_000)), { depth: 1_000_000 })).toThrow(/truncated|ends inside/);
});

test('NaN and Infinity only when asked for', () => {
  expect(() => parseJson(bytes('[NaN]'))).toThrow(CordonError);
  expect(parseJson(bytes('[NaN,-Infinity]'), { nonFinite: true }).value).toEqual([Number.NaN, Number.NEGATIVE_INFINITY]);
});

test('the reader gives events with offsets and skips values', () => {
  const reader = new JsonReader(bytes('{"a":[1,{"b":2}],"c":"d"}'));
  expect(reader.next()).toBe('object');
  expect([reader.next(), reader.text, reader.offset]).toEqual(['key', 'a', 1]);
  reader.skip(reader.next());
  expect([reader.next(), reader.text, reader.offset]).toEqual(['key', 'c', 17]);
  expect([reader.next(), reader.text]).toEqual(['string', 'd']);
  expect([reader.next(), reader.next()]).toEqual(['object-end', 'end']);
});

test('sniffs objects and arrays, and nothing that merely begins with a bracket', () => {
  const is = (text: string): boolean => json.matches(bytes(text), bufferSource(bytes(text)));
  for (const text of ['{}', ' {\n "a": 1}', '[1, 2]', '[]', '[{"a":', '\ufeff{"a":1}', '{"a', '["x"]', '[\n  ['])
    expect(is(text), text).toBe(true);
  for (const text of ['', '{{ bos_token }}', '{% if x %}', '{a: 1}', '[section]\nkey=1', 'text', '{"a" b}', '[\x00\x01'])
    expect(is(text), text).toBe(false);
});
