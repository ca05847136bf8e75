import { open, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../../../../store/blobs/storage-error.ts';
import type { JournalPosition } from './journal.ts';
import { type Frame, HEADER_BYTES, MAX_PAYLOAD_BYTES, nextFrame, readFrame } from './frame.ts';
import { segmentPath } from './segments.ts';

const CHUNK = 1_048_576;

/** What a reading gave. */
export interface Read {
  readonly frames: readonly Frame[];
  /** Segments that were read to their end. */
  readonly passed: readonly number[];
  /** Bytes between whole frames that cannot be read: damage, not the end of a write that was cut off. */
  readonly damaged: number;
  /** Bytes at the ends of segments that are no whole frame: what was being written when the process ended. */
  readonly torn: number;
}

/** Reads the frames of a run in the order in which they were written. */
export class RunReader {
  readonly #folder: string;
  readonly #run: string;
  readonly #last: number;
  #number: number;
  #offset = 0;

  /** `first` and `last`: numbers of the segments that are there; more come where the run goes on. */
  constructor(folder: string, run: string, first: number, last: number) {
    this.#folder = folder;
    this.#run = run;
    this.#number = first;
    this.#last = last;
  }

  /** Reads on, at most so many frames or bytes. `written`: how far a run that goes on has come; without it everything is there. */
  async read(limit: { readonly frames: number; readonly bytes: number }, written?: JournalPosition): Promise<Read> {
    const frames: Frame[] = [];
    const passed: number[] = [];
    const last = written?.segment ?? this.#last;
    let [bytes, damaged, torn] = [0, 0, 0];
    while (this.#number <= last && frames.length < limit.frames && bytes < limit.bytes) {
      const isCurrent = this.#number === written?.segment;
      const part = await this.#readPart(limit.frames - frames.length, isCurrent ? written.bytes : undefined);
      frames.push(...part.frames);
      bytes += part.bytes;
      damaged += part.damaged;
      if (!part.isEnd) continue;
      if (isCurrent) break;
      torn += part.rest;
      passed.push(this.#number);
      this.#number++;
      this.#offset = 0;
    }
    return { frames, passed, damaged, torn };
  }

  async #readPart(atMost: number, end: number | undefined): Promise<Part> {
    const file = await openIfThere(segmentPath(this.#folder, this.#run, this.#number));
    if (file === undefined) return { frames: [], bytes: 0, damaged: 0, isEnd: true, rest: 0 };
    try {
      const size = end ?? (await file.stat()).size;
      for (let length = CHUNK; ; length = Math.min(2 * length, MAX_PAYLOAD_BYTES + CHUNK)) {
        const chunk = await readAt(file, this.#offset, Math.min(length, size - this.#offset));
        const isWhole = this.#offset + chunk.length >= size;
        const part = parse(chunk, atMost, isWhole);
        if (part.bytes === 0 && part.damaged === 0 && !part.isEnd && length < MAX_PAYLOAD_BYTES + CHUNK) continue;
        this.#offset += part.bytes + part.damaged;
        return part;
      }
    } finally {
      await file.close();
    }
  }
}

interface Part {
  readonly frames: readonly Frame[];
  /** Of whole frames. */
  readonly bytes: number;
  readonly damaged: number;
  readonly isEnd: boolean;
  /** Bytes after the last whole frame. */
  readonly rest: number;
}

/** Takes whole frames from a chunk; `isWhole`: nothing comes after it. */
function parse(chunk: Buffer, atMost: number, isWhole: boolean): Part {
  const frames: Frame[] = [];
  let [at, damaged] = [0, 0];
  while (at < chunk.length && frames.length < atMost) {
    const read = readFrame(chunk, at);
    if (typeof read === 'object') {
      frames.push(read.frame);
      at = read.end;
      continue;
    }
    if (!isWhole && (read === 'incomplete' || chunk.length < MAX_PAYLOAD_BYTES))
      return { frames, bytes: at - damaged, damaged, isEnd: false, rest: 0 };
    const next = nextFrame(chunk, at);
    if (next === undefined) {
      // Why not all: a frame may begin in the last bytes of a chunk that does not end the segment.
      const skipped = isWhole ? 0 : chunk.length - at - (HEADER_BYTES - 1);
      return { frames, bytes: at - damaged, damaged: damaged + skipped, isEnd: isWhole, rest: chunk.length - at };
    }
    damaged += next - at;
    at = next;
  }
  return { frames, bytes: at - damaged, damaged, isEnd: isWhole && at === chunk.length, rest: 0 };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
