import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFile, openMemory } from './file-source.ts';

const MIB = 1024 * 1024;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-source-'));
  file = join(folder, 'model.bin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const numbered = (length: number): Uint8Array => Uint8Array.from({ length }, (_unused, index) => index % 251);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.each([0, 1, 1000, MIB, MIB + 1, 3 * MIB + 17])('a file of %i bytes', (size) => {
  test('reads ranges, fewer at the end, nothing behind it', async () => {
    const content = numbered(size);
    writeFileSync(file, content);
    const open = openFile(file);
    try {
      expect(open.source.size).toBe(size);
      expect(open.source.read(0, 10)).toEqual(content.slice(0, 10));
      expect(open.source.read(Math.max(0, size - 5), 100)).toEqual(content.slice(Math.max(0, size - 5)));
      expect(open.source.read(size, 10)).toHaveLength(0);
      expect(open.source.read(size + 10, 10)).toHaveLength(0);
      expect(open.source.read(2 ** 50, 10)).toHaveLength(0);
      expect(open.source.read(0, 0)).toHaveLength(0);
      expect(Buffer.isBuffer(open.source.read(0, 10))).toBe(false);
      expect(await open.digest()).toBe(sha256(content));
    } finally {
      open.close();
    }
  });
});

test('a file that shrinks while it is read gives fewer bytes', () => {
  writeFileSync(file, numbered(4 * MIB));
  const open = openFile(file);
  truncateSync(file, 100);
  expect(open.source.read(0, MIB)).toEqual(numbered(100));
  expect(open.source.read(MIB, MIB)).toHaveLength(0);
  open.close();
});

test('a file that grows while it is read keeps its size and its digest', async () => {
  const content = numbered(2 * MIB);
  writeFileSync(file, content);
  const open = openFile(file);
  appendFileSync(file, 'more');
  expect(open.source.read(2 * MIB - 2, 100)).toEqual(content.slice(-2));
  expect(await open.digest()).toBe(sha256(content));
  open.close();
});

test('pipes, folders and missing files are refused at once', () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  expect(() => openFile(join(folder, 'pipe'))).toThrow('is no regular file any more');
  expect(() => openFile(folder)).toThrow('is no regular file any more');
  expect(() => openFile(join(folder, 'missing'))).toThrow('ENOENT');
});

test('content in memory has a digest too', async () => {
  expect(await openMemory(numbered(10)).digest()).toBe(sha256(numbered(10)));
});
