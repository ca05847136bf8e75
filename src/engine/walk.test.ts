import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walk } from './walk.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-walk-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, content = 'x'): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const seen = (...given: string[]) => {
  const { files, obstacles } = walk(given.map((path) => join(folder, path)));
  return { files: files.map(({ path }) => path), obstacles: obstacles.map(({ kind, path, message }) => `${kind} ${path}: ${message}`) };
};

test('lists files below a folder, sorted, without version control', () => {
  for (const path of ['b/c.bin', 'a.bin', 'b.bin', '.git/objects/x', '.hidden']) put(path);
  expect(seen('.')).toEqual({ files: ['.hidden', 'a.bin', 'b.bin', 'b/c.bin'], obstacles: [] });
});

test('follows links inside the folder only', () => {
  put('real/model.bin');
  symlinkSync('real/model.bin', join(folder, 'inside'));
  symlinkSync('/etc/hostname', join(folder, 'outside'));
  symlinkSync('..', join(folder, 'real/up'));
  symlinkSync('loop-b', join(folder, 'loop-a'));
  symlinkSync('loop-a', join(folder, 'loop-b'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  expect(seen('.')).toEqual({
    files: ['inside', 'real/model.bin'],
    obstacles: [
      'unreadable dangling: does not exist',
      'unreadable loop-a: is a chain of links without end',
      'unreadable loop-b: is a chain of links without end',
      'outside-link outside: leads outside the scanned folder and was not followed',
    ],
  });
});

test('a folder whose name begins like the scanned one is outside', () => {
  put('model/a.bin');
  put('model-other/secret');
  symlinkSync('../model-other/secret', join(folder, 'model/link'));
  expect(seen('model').obstacles).toEqual(['outside-link link: leads outside the scanned folder and was not followed']);
});

test('a link into version control is reported, because nothing there is scanned', () => {
  put('.git/weights/model.pkl');
  symlinkSync('.git/weights', join(folder, 'weights'));
  expect(seen('.')).toEqual({
    files: [],
    obstacles: ['unreadable weights: leads into a folder of version control, which is not scanned'],
  });
});

test('special files are reported and not opened', () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('/dev/zero', join(folder, 'zero'));
  expect(seen('.').obstacles).toEqual([
    'special-file pipe: is a named pipe',
    'outside-link zero: leads outside the scanned folder and was not followed',
  ]);
  expect(seen('pipe').obstacles).toEqual(['special-file pipe: is no regular file']);
});

test('a missing path is an obstacle, named without its absolute path', () => {
  expect(seen('missing')).toEqual({ files: [], obstacles: ['unreadable missing: does not exist'] });
});

test('overlapping and repeated paths give every file once', () => {
  put('a/b/x.bin');
  put('a/y.bin');
  expect(new Set(seen('a', 'a/b', 'a', 'a/y.bin').files).size).toBe(2);
  expect(seen('a', 'a/b', 'a/').files).toHaveLength(2);
});

test('names that are not UTF-8 stay apart and can be opened', () => {
  const raw = (byte: number) => Buffer.concat([Buffer.from(`${folder}/m`), Buffer.of(byte)]);
  writeFileSync(raw(0xfe), 'a');
  writeFileSync(raw(0xff), 'b');
  const { files } = walk([folder]);
  expect(files.map(({ path }) => path)).toEqual([String.raw`m\xfe`, String.raw`m\xff`]);
  expect(files.map(({ absolute }) => Buffer.from(absolute as Uint8Array))).toEqual([raw(0xfe), raw(0xff)]);
});
