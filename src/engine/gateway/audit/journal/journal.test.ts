import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../../store/ids.ts';
import { encodeFrame, FRAME, readFrame } from './frame.ts';
import { Journal, type JournalOptions } from './journal.ts';
import { ownFolder } from './owner.ts';
import { RunReader } from './run-reader.ts';
import { listRuns, segmentPath } from './segments.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-journal-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const ALL = { frames: 1_000_000, bytes: 2 ** 40 };
function journalIn(place: string, options: Partial<JournalOptions> = {}): Journal {
  return new Journal({
    folder: place,
    run: newId(),
    durability: 'written',
    syncMs: 1,
    onWritten: () => undefined,
    onState: () => undefined,
    ...options,
  });
}

async function readAll(place: string) {
  const read: { texts: string[]; damaged: number; torn: number } = { texts: [], damaged: 0, torn: 0 };
  for (const [run, segments] of await listRuns(place)) {
    const { frames, damaged, torn } = await new RunReader(place, run, segments[0]!.number, segments.at(-1)!.number).read(ALL);
    read.texts.push(...frames.map(({ payload }) => payload.toString()));
    read.damaged += damaged;
    read.torn += torn;
  }
  return read;
}

describe.each(['written', 'synced', 'async'] as const)('%s', (durability) => {
  test('what was appended is read in its order, over many segments', async () => {
    const journal = journalIn(folder, { durability, segmentBytes: 2_000 });
    const texts = Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(index)}`);
    for (let at = 0; at < texts.length; at += 10)
      await Promise.all(texts.slice(at, at + 10).map((text) => journal.append(FRAME.record, text)));
    await journal.flush();
    expect(await readAll(folder)).toEqual({ texts, damaged: 0, torn: 0 });
    // Why not async: all of it comes in one turn of the event loop, and is written at once.
    if (durability !== 'async') expect((await readdir(folder)).length).toBeGreaterThan(10);
    expect(journal.bytes).toBeGreaterThan(45_000);
    await journal.close();
  });
});

test('an end that was cut off anywhere loses only what it cut', async () => {
  const journal = journalIn(folder);
  const texts = ['one', 'two', 'three'];
  for (const text of texts) await journal.append(FRAME.record, text);
  await journal.close();
  const [run] = [...(await listRuns(folder)).keys()];
  const path = segmentPath(folder, run!, 1);
  const bytes = await readFile(path);
  const ends = [0, 22, 44, 68];
  expect(bytes.length).toBe(ends.at(-1));
  for (let length = 0; length <= bytes.length; length++) {
    await writeFile(path, bytes.subarray(0, length));
    const whole = ends.filter((end) => end <= length).length - 1;
    expect(await readAll(folder)).toEqual({ texts: texts.slice(0, whole), damaged: 0, torn: length - ends[whole]! });
    // A disk may also have made the file longer without writing what is in it.
    await writeFile(path, Buffer.concat([bytes.subarray(0, length), Buffer.alloc(100)]));
    expect((await readAll(folder)).texts).toEqual(texts.slice(0, whole));
  }
});

test('damage in the middle is passed over and counted', async () => {
  const journal = journalIn(folder);
  const texts = Array.from({ length: 20 }, (_, index) => `record ${index}`);
  for (const text of texts) await journal.append(FRAME.record, text);
  await journal.close();
  const [run] = [...(await listRuns(folder)).keys()];
  const path = segmentPath(folder, run!, 1);
  const bytes = await readFile(path);
  const length = 19 + 8;
  for (let at = 0; at < 9 * length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 0x41;
    await writeFile(path, changed);
    const hit = Math.floor(at / length);
    const read = await readAll(folder);
    expect(read.texts).toEqual(texts.filter((_, index) => index !== hit));
    expect(read.damaged).toBe(length);
  }
});

test('hostile bytes are never more than no frames', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, at) => {
      const frame = encodeFrame(FRAME.record, 7, bytes);
      expect(readFrame(frame, 0)).toMatchObject({ frame: { kind: 1, sequence: 7 }, end: frame.length });
      const cut = frame.subarray(0, Math.min(at, frame.length - 1));
      expect(readFrame(cut, 0)).toBe('incomplete');
      expect(['incomplete', 'damaged', 'object']).toContain(
        typeof readFrame(Buffer.from(bytes), 0) === 'object' ? 'object' : readFrame(Buffer.from(bytes), 0),
      );
    }),
  );
});

test('two processes do not write into one folder, a dead one does not count', async () => {
  const script = `require('node:fs').writeFileSync(process.argv[1], JSON.stringify({ pid: process.pid, host: require('node:os').hostname(), boot: 0, ticks: null }))`;
  const path = join(folder, 'owner.json');
  spawnSync(process.execPath, ['-e', script, path]);
  const disown = ownFolder(folder);
  expect(() => ownFolder(folder)).toThrow('writes the journals');
  disown();
  expect(await readdir(folder)).toEqual([]);
  await writeFile(path, '{"pid":');
  ownFolder(folder)();
});

const disk = mkdtempSync(join(tmpdir(), 'cordon-small-disk-'));
const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('full disk tests skipped: a small disk cannot be mounted here, that needs root');
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.skipIf(!mounted)('a full disk', () => {
  test('refuses, says so, and writes what it held once there is room', async () => {
    const states: (string | undefined)[] = [];
    const journal = journalIn(disk, { onState: (problem) => states.push(problem) });
    await journal.append(FRAME.record, 'before');
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(900_000));
    const large = 'x'.repeat(400_000);
    await expect(journal.append(FRAME.record, large)).rejects.toMatchObject({ code: 'gateway.unavailable' });
    expect(journal.problem).toBe('the disk is full');
    await expect(journal.append(FRAME.record, 'while')).rejects.toMatchObject({ code: 'gateway.unavailable' });
    rmSync(join(disk, 'ballast'));
    const deadline = Date.now() + 10_000;
    while (journal.problem !== undefined && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    await journal.append(FRAME.record, 'after');
    await journal.close();
    expect(states).toEqual(['the disk is full', undefined]);
    const { texts, damaged } = await readAll(disk);
    expect([...new Set(texts)]).toEqual(['before', large, 'while', 'after']);
    expect(damaged).toBe(0);
    expect(journal.lost).toBe(0);
  });
});
