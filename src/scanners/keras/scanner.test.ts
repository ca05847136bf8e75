import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { inspectFile } from '../../engine/inspect-file.ts';
import { bufferSource } from '../../formats/bytes/source.ts';
import { kerasScanner } from './scanner.ts';
import { beginsLikeJsonObject, jsonBytes } from './text.ts';

const scan = (bytes: Uint8Array, name = 'model.json') =>
  inspectFile(name, bufferSource(bytes), [kerasScanner], new Budget(Limits.parse({ timeMs: 10_000 })));

const CONFIG = JSON.stringify({ class_name: 'Sequential', config: { layers: [{ class_name: 'Lambda', config: {} }] }, keras_version: '3' });

test('a configuration in any encoding that Python takes', () => {
  const utf16 = Buffer.from(CONFIG, 'utf16le');
  const swapped = Buffer.from(utf16).swap16();
  const utf32 = Buffer.concat([...CONFIG].map((character) => Buffer.from([character.charCodeAt(0), 0, 0, 0])));
  const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]);
  for (const bytes of [Buffer.from(CONFIG), utf16, swapped, utf32, marked]) {
    expect(beginsLikeJsonObject(bytes)).toBe(true);
    expect(Buffer.from(jsonBytes(bytes)).toString().replace('\ufeff', '')).toBe(CONFIG);
  }
});

test('any JSON is inspected without failing', () => {
  const key = fc.constantFrom('class_name', 'config', 'module', 'registered_name', 'layers', 'function', 'items', 'vocabulary', 'name');
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        'Lambda',
        '__lambda__',
        'function',
        'Sequential',
        'os',
        'keras.layers',
        '__typespec__',
        'TFOpLambda',
        '4wEA',
        null,
        1,
      ),
      fc.string(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(key, value, { minKeys: 1 }), (config) => {
      const { plugins } = scan(Buffer.from(JSON.stringify(config)));
      expect(plugins.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test('nesting without end does not overflow the stack', () => {
  const deep = `${'{"class_name":"Sequential","config":'.repeat(900)}{}${'}'.repeat(900)}`;
  expect(scan(Buffer.from(deep)).completeness).toBe('complete');
});
