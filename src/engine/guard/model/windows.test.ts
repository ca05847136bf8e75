import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTokenizerFile } from '../../../patterns/tokenizer/tokenizer-file.ts';
import { tokenWindows } from './windows.ts';

const { texts, tokenizers } = JSON.parse(readFileSync(new URL('../../../../test/tokenizers/golden.json', import.meta.url), 'utf8')) as {
  texts: string[];
  tokenizers: Record<string, { tokenizer: unknown }>;
};

describe.each(Object.keys(tokenizers))('windows of %s', (name) => {
  const tokenizer = readTokenizerFile(JSON.stringify(tokenizers[name]!.tokenizer));

  test('hold what the whole text gives, wherever it was cut', () => {
    const text = texts
      .filter((one) => /^[\x20-\x7e]+$/.test(one) && !one.includes('  ') && one.trim() === one && one.length < 90)
      .join(' ');
    const [window] = tokenWindows(text.repeat(2), tokenizer, 100_000, 10);
    expect(window?.ids).toEqual([...tokenizer.begin, ...tokenizer.encode(text.repeat(2)), ...tokenizer.end]);
  });

  test('have the size asked for, overlap, and cover the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...texts), { maxLength: 30 }),
        fc.integer({ min: 16, max: 64 }),
        fc.integer({ min: 0, max: 12 }),
        (parts, size, overlap) => {
          const text = parts.join(' ');
          const windows = tokenWindows(text, tokenizer, size, overlap);
          for (const [at, { ids, span }] of windows.entries()) {
            expect(ids.length).toBeLessThanOrEqual(size);
            expect(span.start).toBeLessThan(span.end);
            expect(span.end).toBeLessThanOrEqual(text.length);
            if (at > 0) expect(span.start).toBeLessThanOrEqual(windows[at - 1]!.span.end);
          }
        },
      ),
    );
  });
});
