import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { AssessedStream, type AssessedStreamOptions } from './assessed-stream.ts';
import { createGuard, type Guard } from './guard.ts';
import type { SeatedJudge } from './judge.ts';

const SENTENCE = 'This sentence is about soup and salt. ';

/** Sentences that differ. */
function sentences(count: number): string {
  const things = ['soup', 'bread', 'rice', 'beans', 'apples', 'cheese', 'noodles'];
  return Array.from(
    { length: count },
    (_, at) => `Recipe ${at} needs ${at * 7} grams of ${things[at % 7]} and ${things[(at * 3) % 5]}. `,
  ).join('');
}

/** A judge that finds a word in what the model says, and notes what it was shown. */
function judgeOf(word: string, more: Partial<SeatedJudge> = {}, error?: Error): SeatedJudge & { readonly shown: string[] } {
  const shown: string[] = [];
  return {
    ...more,
    shown,
    judge: {
      id: 'word',
      rules: [{ id: 'word.found', title: '', severity: 'high', why: '', fix: '', maps: [] }],
      channels: ['assistant'],
      wants: () => true,
      async judge({ text }) {
        shown.push(text);
        await pause(1);
        if (error !== undefined) throw error;
        const start = text.indexOf(word);
        return start < 0 ? [] : [{ rule: 'word.found', span: { start, end: start + word.length }, score: 1, entity: 'WORD' }];
      },
    },
  };
}

async function run(
  guard: Guard,
  pieces: readonly string[],
  options?: AssessedStreamOptions,
): Promise<{ out: string; stream: AssessedStream }> {
  const stream = new AssessedStream(guard, options);
  let out = '';
  for (const piece of pieces) out += await stream.push(piece);
  return { out: out + (await stream.end()), stream };
}

/** A text in pieces of the given sizes, over and over. */
function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

describe('before: nothing is passed on that the judges have not seen', () => {
  test('all of a harmless text, in windows that end with a sentence', async () => {
    const judge = judgeOf('kumquat');
    const text = sentences(60);
    const { out, stream } = await run(createGuard({ judges: [judge] }), cut(text, [7, 50]));
    expect(out).toBe(text);
    expect(stream.blocked).toBeUndefined();
    expect(judge.shown.join('')).toBe(text);
    expect(judge.shown.every((window) => window.length <= 1_000 && /\.\s?$/.test(window))).toBe(true);
  });

  test('a block ends it before the window is out', async () => {
    const text = `${sentences(40)}kumquat. ${sentences(40)}`;
    const { out, stream } = await run(createGuard({ judges: [judgeOf('kumquat')] }), cut(text, [31]));
    expect(text.startsWith(out)).toBe(true);
    expect(out.length).toBeGreaterThan(500);
    expect(out).not.toContain('kumquat');
    expect(stream.blocked?.reasons[0]?.id).toBe('word');
    expect(await stream.push('more')).toBe('');
  });

  test('what judges replace and what detectors replace', async () => {
    const { out } = await run(
      createGuard({ judges: [judgeOf('kumquat', { mode: 'redact' })] }),
      cut('A kumquat for jane@blue-harbour.net. Bye.', [3]),
    );
    expect(out).toBe('A <WORD_1> for <EMAIL_1>. Bye.');
  });

  test('what detectors block ends it too, after what came before', async () => {
    const { out, stream } = await run(createGuard({ judges: [judgeOf('kumquat')] }), [
      'Here is the page. ',
      '<script>track()</script>. ',
      'Bye. ',
    ]);
    expect(out).toBe('Here is the page. ');
    expect(stream.blocked?.reasons[0]?.id).toBe('unsafe-output');
  });

  test('a judge that fails blocks, or not, as configured', async () => {
    const down = new CordonError('network.refused', 'is down');
    const closed = await run(createGuard({ judges: [judgeOf('x', {}, down)] }), [SENTENCE]);
    expect(closed).toMatchObject({ out: '', stream: { blocked: { failures: ['word: is down'] } } });
    expect((await run(createGuard({ judges: [judgeOf('x', { failure: 'allow' }, down)] }), [SENTENCE])).out).toBe(SENTENCE);
  });

  test('however it is cut', async () => {
    const guard = createGuard({ judges: [judgeOf('kumquat')] });
    const text = `${sentences(35)}😀 kumquat`;
    const whole = (await run(guard, [text])).out;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }), async (sizes) => {
        const { out, stream } = await run(guard, cut(text, sizes));
        expect(stream.blocked).toBeDefined();
        expect(out).not.toContain('kumquat');
        expect(out).toBe(whole);
      }),
      { numRuns: 15 },
    );
  });
});

describe('beside: output is passed on while judges look', () => {
  test('all of a harmless text, at once', async () => {
    const judge = judgeOf('kumquat');
    const stream = new AssessedStream(createGuard({ judges: [judge] }), { judges: 'beside' });
    expect(await stream.push(SENTENCE)).toBe(SENTENCE);
    expect(judge.shown).toEqual([]);
    await stream.end();
    expect(judge.shown).toEqual([SENTENCE]);
  });

  test('an objection ends it, also one about the last window, and one about what would be replaced', async () => {
    for (const mode of ['block', 'redact'] as const) {
      const { stream } = await run(createGuard({ judges: [judgeOf('kumquat', { mode })] }), ['A kumquat.'], { judges: 'beside' });
      expect(stream.blocked?.effect).toBe(mode);
    }
    const guard = createGuard({ judges: [judgeOf('kumquat')] });
    const { out } = await run(guard, cut(`kumquat. ${sentences(400)}`, [200]), { judges: 'beside' });
    expect(out.length).toBeLessThan(8_000);
  });
});

test('a caller that leaves ends it', async () => {
  const { out, stream } = await run(createGuard({ judges: [judgeOf('x')] }), [SENTENCE], { signal: AbortSignal.abort() });
  expect(out).toBe('');
  expect(stream.blocked?.failures).toEqual(['word: was cancelled by the caller']);
});
