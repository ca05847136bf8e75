import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { outlineYaml, parseYaml } from './parse.ts';

test('pairs and tags with their lines, aliases followed, prefixes and escapes resolved', () => {
  const outline = outlineYaml(
    '%TAG !p! tag:yaml.org,2002:python/\n---\na: &x os.system\nb: [{_target_: *x}]\nc: !p!name:os%2Esystem\n---\n"\\x5ftarget_": e\n',
  );
  expect(outline.errors).toBe(0);
  expect(outline.pairs.filter(({ key }) => key === '_target_')).toEqual([
    { key: '_target_', text: 'os.system', line: 4 },
    { key: '_target_', text: 'e', line: 7 },
  ]);
  expect(outline.tags).toEqual([{ tag: 'python/name:os.system', line: 5 }]);
});

test('plain data, with nothing constructed from tags', () => {
  expect(parseYaml('a: 1\nb: !!python/object/apply:os.system [id]\n')).toEqual({ a: 1, b: ['id'] });
  expect(() => parseYaml('a: [')).toThrow(CordonError);
});

test('alias bombs, depth and length are bounded', () => {
  const bomb = [...'bcdefghij'].map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}]`);
  expect(() => parseYaml(['a: &a [x]', ...bomb].join('\n'))).toThrow(CordonError);
  expect(() => outlineYaml('['.repeat(100_000))).toThrow(CordonError);
  expect(() => outlineYaml('- '.repeat(100_000))).toThrow(CordonError);
  expect(() => outlineYaml('a'.repeat(2 ** 21))).toThrow(CordonError);
});

test('any text is outlined or refused', () => {
  const unit = fc.constantFrom(...'a:- \n[]{},&*!|>"\'#%?\t0é', '!!python/name:', '_target_', '---\n');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 80 }), (text) => {
      try {
        outlineYaml(text);
        parseYaml(text);
      } catch (error) {
        expect(error, JSON.stringify(text)).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 2000 },
  );
});
