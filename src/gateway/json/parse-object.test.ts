import fc from 'fast-check';
import { expect, test } from 'vitest';
import { structureOf } from '../../formats/exact-json/structure.ts';
import { keysInValue } from './count-keys.ts';
import { parseObject } from './parse-object.ts';

test('what readers may read differently is refused', () => {
  for (const text of ['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', '[1]', '"x"', 'null', '', '{', '{"a":1}x', '{"\\u0061":1,"a":2}'])
    expect(() => parseObject(Buffer.from(text)), text).toThrow(/body/);
  expect(() => parseObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow('UTF-8');
  expect(() => parseObject(Buffer.from(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`))).toThrow('deeper');
});

test('keys in text are keys in the value, whatever strings hold', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'medium' }), fc.constantFrom(0, 1, 4), (json, indent) => {
      const value: unknown = JSON.parse(json);
      expect(structureOf(JSON.stringify(value, null, indent) ?? '').keys).toBe(keysInValue(value, 1_000).keys);
    }),
    { numRuns: 500 },
  );
  for (const text of ['{"a\\\\":":\\":","\\"":1}', '{"__proto__":{"a":1}}', '{ "a" : "b:\\\\\\"" , "c"\n:\t{} }'])
    expect(structureOf(text).keys).toBe(keysInValue(JSON.parse(text), 10).keys);
});
