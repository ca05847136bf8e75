import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGuard } from '../../engine/guard/guard.ts';
import type { SeatedJudge } from '../../engine/guard/judge.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { sseBytes } from '../sse/sse-reader.ts';
import { EventQueue } from './event-queue.ts';
import { JudgedText, JudgedWhole } from './judged-text.ts';
import { Judging, type Windows } from './judging.ts';

/** A judge that finds a word after a while, and notes what it was shown and has answered about. */
function judgeOf(word: string, waits: readonly number[], more: Partial<SeatedJudge> = {}): SeatedJudge & { readonly answered: string[] } {
  const answered: string[] = [];
  let asked = 0;
  return {
    ...more,
    answered,
    judge: {
      id: 'word',
      rules: [{ id: 'word.found', title: '', severity: 'high', why: '', fix: '', maps: [] }],
      channels: ['assistant', 'tool-arguments'],
      wants: () => true,
      async judge({ text }) {
        await pause(waits[asked++ % waits.length]!);
        answered.push(text);
        const start = text.indexOf(word);
        return start < 0 ? [] : [{ rule: 'word.found', span: { start, end: start + word.length }, score: 1, entity: 'WORD' }];
      },
    },
  };
}

interface Run {
  readonly out: string;
  readonly isBlocked: boolean;
  readonly shown: readonly string[];
}

/** Sends a text in pieces through a queue, and looks after each step at what may be passed on. */
async function run(
  text: string,
  sizes: readonly number[],
  judge: ReturnType<typeof judgeOf>,
  windows: Windows,
  options: { readonly deadlineMs?: number; readonly restored?: PseudonymMap } = {},
): Promise<Run> {
  const guard = createGuard({ judges: [judge] });
  const call = { pseudonyms: options.restored ?? new PseudonymMap() };
  let out = '';
  const queue = new EventQueue((key) => {
    if (key === 'whole') return new JudgedWhole('assistant', judging, (whole) => whole);
    return new JudgedText(guard, 'assistant', call, judging, options.restored);
  });
  const drain = (): void => {
    if (judging.blocked !== undefined || queue.blocked !== undefined) return;
    const bytes: Buffer[] = [];
    queue.drain(bytes);
    for (const one of bytes) out += (JSON.parse(one.toString().slice(6)) as { text: string }).text;
    // What is out is what judges have seen and said nothing against, and nothing else.
    if (options.restored === undefined && judge.mode !== 'redact') expect(judge.answered.join('').startsWith(out)).toBe(true);
  };
  const judging = new Judging({ guard, call, windows, deadlineMs: options.deadlineMs ?? 10_000, decided: drain });
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const piece = text.slice(at, at + sizes[turn % sizes.length]!);
    at += piece.length;
    const json = { text: piece };
    queue.push(
      { raw: sseBytes(JSON.stringify(json)), name: '', data: '' },
      json,
      [{ key: 'a', text: piece, set: (other) => (json.text = other) }],
      () => false,
    );
    drain();
    if (turn % 3 === 0) await pause(0);
  }
  queue.endAll();
  await judging.settled();
  drain();
  return { out, isBlocked: judging.blocked !== undefined || queue.blocked !== undefined, shown: judge.answered };
}

const THINGS = ['soup', 'bread', 'rice', 'beans', 'apples', 'cheese', 'noodles'];
const sentences = (count: number): string =>
  Array.from({ length: count }, (_, at) => `Recipe ${at} needs ${at * 7} grams of ${THINGS[at % 7]} and ${THINGS[(at * 3) % 5]}. `).join(
    '',
  );
const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
const waits = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });
const windows = fc.constantFrom<Windows>({ least: 1, most: 50 }, { least: 100, most: 1_000 }, { least: Infinity, most: Infinity });

test('however it is cut and however slow judges are: what is harmless comes out whole, and nothing that no judge has seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), sizes, waits, windows, async (count, cut, slow, some) => {
      const text = `${sentences(count)}No end`;
      const { out, isBlocked, shown } = await run(text, cut, judgeOf('kumquat', slow), some);
      expect(isBlocked).toBe(false);
      expect(out).toBe(text);
      expect(shown.join('')).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test('nothing of a window that is refused comes out, and nothing behind it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(20), fc.nat(20), sizes, waits, windows, async (before, after, cut, slow, some) => {
      const text = `${sentences(before)}A kumquat. ${sentences(after)}`;
      const judge = judgeOf('kumquat', slow);
      const { out, isBlocked } = await run(text, cut, judge, some);
      expect(isBlocked).toBe(true);
      expect(text.startsWith(out)).toBe(true);
      expect(out).not.toContain('kumq');
      const refused = judge.answered.findIndex((one) => one.includes('kumquat'));
      expect(judge.answered.slice(0, refused).join('').startsWith(out)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('what detectors and judges replace is replaced, also where values are put back for who may see them', async () => {
  const text = `Write to jane@blue-harbour.net. ${sentences(3)}One kumquat. Bye.`;
  const seen = await run(text, [7], judgeOf('kumquat', [1], { mode: 'redact' }), { least: 1, most: 100 });
  expect(seen.out).toBe(text.replace('jane@blue-harbour.net', '<EMAIL_1>').replace('kumquat', '<WORD_1>'));
  const restored = new PseudonymMap();
  restored.nameOf('EMAIL', 'ann.smith@example.com');
  for (const size of [1, 5, 9, 200]) {
    const { out } = await run(
      `Ask <EMAIL_1> today. ${sentences(4)}`,
      [size],
      judgeOf('kumquat', [1]),
      { least: 1, most: 20 },
      { restored },
    );
    expect(out).toBe(`Ask ann.smith@example.com today. ${sentences(4)}`);
  }
});

test('judges that do not answer in time end the stream, unless their failure lets it go on', async () => {
  const text = sentences(3);
  const closed = await run(text, [50], judgeOf('kumquat', [200]), { least: 1, most: 1_000 }, { deadlineMs: 20 });
  expect(closed).toMatchObject({ out: '', isBlocked: true });
  const guard = judgeOf('kumquat', [200], { failure: 'allow' });
  guard.answered.push(text);
  expect((await run(text, [500], guard, { least: Infinity, most: Infinity }, { deadlineMs: 20 })).out).toBe(text);
});

test('a first sentence goes on before the second has come', async () => {
  const judge = judgeOf('kumquat', [0]);
  const guard = createGuard({ judges: [judge] });
  const judging = new Judging({ guard, call: {}, windows: { least: 10, most: 100 }, deadlineMs: 1_000, decided: () => undefined });
  const text = new JudgedText(guard, 'assistant', {}, judging);
  text.push('This is the first sentence. ');
  await judging.settled();
  expect(text.decidedUntil).toBe('This is the first sentence. '.length);
  text.push('And this is');
  await judging.settled();
  expect(judge.answered).toEqual(['This is the first sentence. ']);
});
