import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { readTokenizerFile } from './tokenizer-file.ts';
import { readVocabularyFile } from './vocabulary-file.ts';

interface Golden {
  readonly texts: readonly string[];
  readonly tokenizers: Readonly<Record<string, { tokenizer: Record<string, unknown>; ids: number[][]; around: number[] }>>;
}

// What the reference implementation says: made by test/tokenizers/make_golden.py.
const GOLDEN = JSON.parse(readFileSync(new URL('../../../test/tokenizers/golden.json', import.meta.url), 'utf8')) as Golden;

describe.each(Object.entries(GOLDEN.tokenizers))('%s', (_, { tokenizer, ids, around }) => {
  const own = readTokenizerFile(JSON.stringify(tokenizer));

  test('gives the ids of the reference implementation', () => {
    for (const [at, text] of GOLDEN.texts.entries()) expect(own.encode(text), JSON.stringify(text)).toEqual(ids[at]);
  });

  test('puts the same special tokens around', () => {
    expect([...own.begin, ...own.end]).toEqual(around);
  });

  test('reads any text, and the same text the same way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const once = own.encode(text);
        expect(once.every((id) => Number.isInteger(id) && id >= 0)).toBe(true);
        expect(own.encode(text)).toEqual(once);
      }),
    );
  });
});

test('vocab.txt gives what tokenizer.json gives', () => {
  const { tokenizer, ids } = GOLDEN.tokenizers['word-piece']!;
  const entries = Object.entries((tokenizer.model as { vocab: Record<string, number> }).vocab).sort((a, b) => a[1] - b[1]);
  const own = readVocabularyFile(`${entries.map(([word]) => word).join('\n')}\n`);
  for (const [at, text] of GOLDEN.texts.entries()) expect(own.encode(text)).toEqual(ids[at]);
  expect([own.begin, own.end]).toEqual([[2], [3]]);
});

test('what it does not know is refused', () => {
  const { tokenizer } = GOLDEN.tokenizers['word-piece']!;
  const broken =
    (change: object): (() => unknown) =>
    () =>
      readTokenizerFile(JSON.stringify({ ...tokenizer, ...change }));
  expect(broken({ normalizer: { type: 'Magic' } })).toThrow('normalizer Magic');
  expect(broken({ pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' } } })).toThrow('pre-tokenizer Split');
  expect(broken({ normalizer: { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' } })).toThrow('pattern');
  expect(broken({ model: { type: 'WordLevel', vocab: {} } })).toThrow('model WordLevel');
  expect(broken({ post_processor: { type: 'Other' } })).toThrow('post-processor Other');
});

test('a damaged file is an error of the format, whatever is wrong with it', () => {
  const whole = GOLDEN.tokenizers.unigram!.tokenizer;
  const keys = Object.keys(whole);
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.json(), (key, junk) => {
      try {
        readTokenizerFile(JSON.stringify({ ...whole, [key]: JSON.parse(junk) as unknown }));
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
  );
  expect(() => readTokenizerFile('{')).toThrow('not JSON');
  expect(() => readVocabularyFile('a\nb\n')).toThrow();
});

test('long words and long texts take linear time', () => {
  for (const { tokenizer } of Object.values(GOLDEN.tokenizers)) {
    const own = readTokenizerFile(JSON.stringify(tokenizer));
    for (let at = 0; at < 200; at++) own.encode('letter'.repeat(66));
    own.encode('\u0301'.repeat(400));
  }
});
