import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';

async function read(pieces: readonly Uint8Array[], bytesAtMost = 1_000_000): Promise<string[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const lines: string[] = [];
  for await (const line of linesOf(source(), bytesAtMost)) lines.push(line);
  return lines;
}

test('however the body is cut, its lines are the same', async () => {
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), cuts, async (texts, at) => {
      const lines = texts.map((text) => text.replaceAll('\n', ''));
      const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const ends = [0, ...at.filter((cut) => cut < body.length).toSorted((a, b) => a - b), body.length];
      const pieces = ends.slice(1).map((end, index) => body.subarray(ends[index], end));
      expect(await read(pieces)).toEqual(lines);
    }),
  );
});

test('a line without an end is read, and one that is too long is refused wherever it ends', async () => {
  expect(await read([Buffer.from('a\nb')])).toEqual(['a', 'b']);
  expect(await read([Buffer.from('12345\n')], 5)).toEqual(['12345']);
  await expect(read([Buffer.from('123456\n')], 5)).rejects.toMatchObject({ code: 'request.invalid' });
  await expect(read([Buffer.from('123'), Buffer.from('456')], 5)).rejects.toMatchObject({ code: 'request.invalid' });
});
