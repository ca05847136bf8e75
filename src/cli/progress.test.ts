import { expect, test } from 'vitest';
import { openProgress, progressLine } from './progress.ts';

const STATE = { done: 1, files: 50, bytesDone: 1, bytes: 50, path: 'a.pt' };

/** A terminal that keeps what was written, and a clock to turn by hand. */
function terminal(isTTY: boolean) {
  const written: string[] = [];
  const clock = { time: 0 };
  const progress = openProgress({ isTTY, columns: 60, write: (text: string) => written.push(text) }, () => clock.time);
  return { written, clock, progress };
}

test('one line, fitted to the width, hostile names escaped', () => {
  const progress = { done: 12, files: 1345, bytesDone: 850_000_000, bytes: 1_234_567_890, path: 'models/model.pt' };
  expect(progressLine(progress, 80)).toBe('scanning 12 of 1,345 files, 850 MB of 1.2 GB  models/model.pt');
  expect(progressLine(progress, 50)).toBe('scanning 12 of 1,345 files, 850 MB of 1.2 GB');
  const line = progressLine({ ...progress, path: `${'deep/'.repeat(40)}\x1b[2Jmodel.pt` }, 70);
  expect(line).toHaveLength(70);
  expect(line).not.toContain('\x1b');
});

test('nothing for a short scan, then at most ten times a second, and erased at the end', () => {
  const { written, clock, progress } = terminal(true);
  progress.update(STATE);
  expect(written).toEqual([]);
  clock.time = 301;
  for (let step = 0; step < 50; step++, clock.time += 10) progress.update({ ...STATE, done: step });
  expect(written).toHaveLength(5);
  progress.close();
  progress.close();
  expect(written.at(-1)).toBe('\r\x1b[2K');
  expect(written).toHaveLength(6);
});

test('silent where standard error is no terminal', () => {
  const { written, clock, progress } = terminal(false);
  clock.time = 1000;
  progress.update(STATE);
  progress.close();
  expect(written).toEqual([]);
});
