import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKPOINTS_FILE, checkpointLine } from '../export.ts';
import { MAX_NOTE_BYTES } from '../note/note.ts';
import { type Tile, tilePath } from '../tiles/paths.ts';
import type { StoredCheckpoint } from './checkpoint-chain.ts';
import { Wrong } from './problem.ts';

/** A file of an export, bounded; undefined when it is not there. */
export async function readExportFile(folder: string, path: string, limit: number): Promise<Buffer | undefined> {
  try {
    const handle = await open(join(folder, path), 'r');
    try {
      const { size } = await handle.stat();
      return size > limit ? undefined : await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The hashes of a tile; undefined when it is missing or has another length than the log's size asks for. */
export async function readHashTile(folder: string, tile: Tile): Promise<readonly Buffer[] | undefined> {
  const bytes = await readExportFile(folder, tilePath(tile), tile.width * 32);
  if (bytes?.length !== tile.width * 32) return undefined;
  return Array.from({ length: tile.width }, (_, index) => bytes.subarray(index * 32, (index + 1) * 32));
}

/** The checkpoints of an export, one after the other. Why lines must be exactly as written: a changed byte is to be noticed. */
export async function* exportedCheckpoints(folder: string, newest: string): AsyncGenerator<StoredCheckpoint> {
  let number = 0;
  let last: string | undefined;
  for await (const line of lines(folder)) {
    number++;
    const note = noteOf(line);
    if (note === undefined || checkpointLine(note) !== line)
      throw wrong(`line ${number} of ${CHECKPOINTS_FILE}`, 'the line is not as it was written');
    last = note;
    yield { note };
  }
  if (last !== newest) throw wrong(CHECKPOINTS_FILE, 'it does not end with the newest checkpoint');
}

/** Lines with a bound on their length; only newlines end them. */
async function* lines(folder: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(join(folder, CHECKPOINTS_FILE), { encoding: 'utf8' }) as AsyncIterable<string>) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > 2 * MAX_NOTE_BYTES) throw wrong(CHECKPOINTS_FILE, 'a line is longer than any checkpoint');
      yield* parts;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw wrong(CHECKPOINTS_FILE, 'the file is missing');
  }
  if (rest !== '') throw wrong(CHECKPOINTS_FILE, 'the last line has no end');
}

function noteOf(line: string): string | undefined {
  try {
    const value = JSON.parse(line) as { note?: unknown };
    return typeof value.note === 'string' ? value.note : undefined;
  } catch {
    return undefined;
  }
}

function wrong(name: string, message: string): Wrong {
  return new Wrong({ kind: 'checkpoint', name, position: 0, message });
}
