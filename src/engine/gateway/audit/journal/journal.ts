import { CordonError, errorMessage } from '../../../../core/errors.ts';
import type { AuditDurability } from '../../../../core/gateway-audit-config.ts';
import { syncFolder } from '../../../../store/blobs/durable.ts';
import { systemCode } from '../../../../store/blobs/storage-error.ts';
import { encodeFrame, type FrameKind } from './frame.ts';
import { segmentPath } from './segments.ts';
import { SegmentWriter } from './segment-writer.ts';

/** How far a run has written: everything before is whole frames. */
export interface JournalPosition {
  readonly run: string;
  /** Number of the segment. */
  readonly segment: number;
  readonly bytes: number;
  readonly sequence: number;
}

export interface JournalOptions {
  readonly folder: string;
  readonly run: string;
  durability: AuditDurability;
  syncMs: number;
  readonly segmentBytes?: number;
  readonly now?: () => number;
  /** Something was written. */
  readonly onWritten: () => void;
  /** It stopped working, or works again. */
  readonly onState: (problem: string | undefined) => void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: CordonError) => void;
}

const SEGMENT_BYTES = 16 * 1_048_576;
/** Why: what an idle gateway wrote does not stay for ever in a file that is only removed when it is full. */
const SEGMENT_MS = 300_000;
/** How much is held in memory while the disk does not take it. */
const HELD_BYTES = 16 * 1_048_576;
const RETRY_MS = 500;

/**
 * Records on the local disk. All that come in one turn of the event loop are written together, and synced together a little later: a
 * group commit.
 */
export class Journal {
  readonly #options: JournalOptions;
  #segment: SegmentWriter | undefined;
  /** Sizes of segments that are full and not stored yet. */
  readonly #former = new Map<number, number>();
  #segmentNumber = 0;
  #segmentSince = 0;
  #sequence = 0;
  #queue: Buffer[] = [];
  #waiting: Waiting[] = [];
  #isScheduled = false;
  /** Written but not synced: what has to be written again when syncing fails. */
  #unsynced: Buffer[] = [];
  #unsyncedBytes = 0;
  #waitingForSync: Waiting[] = [];
  #syncing: Promise<void> | undefined;
  /** What else has to be on the disk before a sync counts: former segments, and names of files. */
  #before: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** Could not be written. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #problem: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #lost = 0;
  #written: JournalPosition;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#written = { run: options.run, segment: 0, bytes: 0, sequence: 0 };
  }

  /** How far it has written. */
  get written(): JournalPosition {
    return this.#written;
  }

  /** Why it cannot write now. */
  get problem(): string | undefined {
    return this.#unsyncedBytes > HELD_BYTES ? 'the disk is too slow' : this.#problem;
  }

  /** Frames that were given up, since there was no place to hold them either. */
  get lost(): number {
    return this.#lost;
  }

  /** Bytes that are still on the disk. */
  get bytes(): number {
    let bytes = this.#segment?.bytes ?? 0;
    for (const size of this.#former.values()) bytes += size;
    return bytes;
  }

  /** A segment was stored and removed. */
  removed(segment: number): void {
    this.#former.delete(segment);
  }

  /** Settles as the durability says. Rejects with `gateway.unavailable`. */
  append(kind: FrameKind, payload: Uint8Array | string): Promise<void> {
    this.add(kind, payload);
    if (this.#options.durability === 'async') return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Takes a frame that nobody waits for. */
  add(kind: FrameKind, payload: Uint8Array | string): void {
    this.#queue.push(encodeFrame(kind, ++this.#sequence, payload));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Why setImmediate: everything that this turn of the event loop brings shares one write.
    setImmediate(() => this.#write());
  }

  /** Takes other settings. */
  reconfigure(settings: Pick<JournalOptions, 'durability' | 'syncMs'>): void {
    Object.assign(this.#options, { durability: settings.durability, syncMs: settings.syncMs });
  }

  /** Writes and syncs what is waiting. */
  async flush(): Promise<void> {
    if (this.#held.length > 0) this.#tryAgain();
    this.#write();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#unsynced.length > 0 && this.#problem === undefined) await this.#sync();
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#retry);
    this.#lost += this.#held.length;
    this.#held = [];
    this.#endSegment();
  }

  #endSegment(): void {
    if (this.#segment === undefined) return;
    this.#former.set(this.#segment.number, this.#segment.bytes);
    this.#segment.end();
    this.#segment = undefined;
  }

  #write(): void {
    this.#isScheduled = false;
    const frames = this.#queue;
    const waiting = this.#waiting;
    if (frames.length === 0) return;
    this.#queue = [];
    this.#waiting = [];
    if (this.#problem !== undefined) return this.#hold(frames, waiting);
    try {
      this.#writeFrames(frames);
    } catch (error) {
      this.#fail(error);
      return this.#hold(frames, waiting);
    }
    if (this.#options.durability === 'synced') {
      this.#waitingForSync.push(...waiting);
      if (this.#syncing === undefined) void this.#sync();
    } else {
      for (const { resolve } of waiting) resolve();
      this.#timer ??= setTimeout(() => void this.#sync(), this.#options.syncMs);
    }
    this.#options.onWritten();
  }

  #writeFrames(frames: readonly Buffer[]): void {
    const { folder, run, segmentBytes = SEGMENT_BYTES, now = Date.now } = this.#options;
    if (this.#segment !== undefined && (this.#segment.bytes >= segmentBytes || now() - this.#segmentSince > SEGMENT_MS)) {
      // Why its own sync: syncing the next segment says nothing about what is in this one.
      this.#before = Promise.all([this.#before, this.#segment.sync()]);
      this.#before.catch(() => {});
      this.#endSegment();
    }
    if (this.#segment === undefined) {
      const number = this.#segmentNumber + 1;
      this.#segment = new SegmentWriter(segmentPath(folder, run, number), number);
      this.#segmentNumber = number;
      this.#segmentSince = now();
      // Why: without it a power cut may take the file away, however often its bytes were synced.
      this.#before = Promise.all([this.#before, syncFolder(folder)]);
      this.#before.catch(() => {});
    }
    this.#segment.write(frames);
    for (const frame of frames) {
      this.#unsynced.push(frame);
      this.#unsyncedBytes += frame.length;
    }
    this.#written = {
      run,
      segment: this.#segment.number,
      bytes: this.#segment.bytes,
      sequence: frames.at(-1)!.readUIntLE(12, 6),
    };
  }

  async #sync(): Promise<void> {
    this.#timer = undefined;
    if (this.#syncing !== undefined) return this.#syncing;
    const segment = this.#segment;
    if (segment === undefined) return;
    const frames = this.#unsynced;
    const waiting = this.#waitingForSync;
    this.#unsynced = [];
    this.#waitingForSync = [];
    const before = this.#before;
    this.#before = Promise.resolve();
    this.#syncing = Promise.all([before, segment.sync()]).then(
      () => {
        this.#unsyncedBytes = bytesOf(this.#unsynced);
        for (const { resolve } of waiting) resolve();
      },
      (error: unknown) => {
        this.#unsynced = [...frames, ...this.#unsynced];
        this.#waitingForSync = [...waiting, ...this.#waitingForSync];
        this.#fail(error);
      },
    );
    await this.#syncing;
    this.#syncing = undefined;
    if (this.#waitingForSync.length > 0 && this.#problem === undefined) void this.#sync();
    else if (this.#unsynced.length > 0) this.#timer ??= setTimeout(() => void this.#sync(), this.#options.syncMs);
  }

  /** Why the segment is given up: after an error nobody knows what is at its end. Readers skip it. */
  #fail(error: unknown): void {
    const code = systemCode(error);
    const problem = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : `the disk failed (${code ?? errorMessage(error)})`;
    this.#endSegment();
    const waiting = this.#waitingForSync;
    const frames = this.#unsynced;
    this.#waitingForSync = [];
    this.#unsynced = [];
    this.#unsyncedBytes = 0;
    if (this.#problem === undefined) this.#options.onState(problem);
    this.#problem = problem;
    this.#hold(frames, waiting);
    this.#retry ??= setTimeout(() => this.#tryAgain(), RETRY_MS).unref();
  }

  #hold(frames: readonly Buffer[], waiting: readonly Waiting[]): void {
    for (const frame of frames) {
      if (this.#heldBytes + frame.length > HELD_BYTES && this.#held.length > 0) {
        this.#lost++;
        continue;
      }
      this.#held.push(frame);
      this.#heldBytes += frame.length;
    }
    if (waiting.length === 0) return;
    const error = new CordonError('gateway.unavailable', `the record of the request cannot be written: ${this.#problem}`);
    for (const { reject } of waiting) reject(error);
  }

  #tryAgain(): void {
    this.#retry = undefined;
    const frames = this.#held;
    try {
      this.#writeFrames(frames);
    } catch (error) {
      return this.#fail(error);
    }
    this.#held = [];
    this.#heldBytes = 0;
    this.#problem = undefined;
    this.#options.onState(undefined);
    this.#timer ??= setTimeout(() => void this.#sync(), this.#options.syncMs);
    this.#options.onWritten();
  }
}

function bytesOf(frames: readonly Buffer[]): number {
  let bytes = 0;
  for (const frame of frames) bytes += frame.length;
  return bytes;
}
