import * as z from 'zod';
import { CordonError } from './errors.ts';
import { DEFAULT_HEAP_MB } from './heap-limit.ts';

const MIB = 1024 * 1024;

/** Limits of one scanned file, nested members included. Reaching one is reported as inconclusive, never as clean. */
export const Limits = z
  .object({
    inflatedBytes: z
      .int()
      .positive()
      .default(16 * 1024 * MIB)
      .describe('bytes produced by decompression, restarts included'),
    ratio: z.int().positive().default(1200).describe('inflated : compressed bytes. Why: DEFLATE cannot exceed 1032:1'),
    members: z.int().positive().default(100_000).describe('archive members'),
    depth: z.int().positive().default(6).describe('containers inside containers'),
    buffer: z
      .int()
      .positive()
      .default(64 * MIB)
      .describe('bytes one parser may hold at once'),
    steps: z.int().positive().default(2_000_000_000).describe('units of parser work: opcodes, nodes, tokens'),
    findings: z.int().positive().default(1_000).describe('findings kept for each file'),
    timeMs: z.int().positive().default(60_000).describe('wall time for each file'),
    heapMb: z.int().positive().default(DEFAULT_HEAP_MB).describe('JavaScript heap of a worker'),
  })
  .describe('limits of one scanned file');
export type Limits = z.infer<typeof Limits>;

type Counter = 'inflatedBytes' | 'members' | 'steps';

/** Counts what a scan of one file has used and stops it at the first limit. Shared by all nested members. */
export class Budget {
  readonly limits: Limits;
  readonly #used: Record<Counter, number> = { inflatedBytes: 0, members: 0, steps: 0 };
  readonly #deadline: number;
  #isOutOfTime = false;

  constructor(limits: Limits) {
    this.limits = limits;
    // Why 0.8: the parser should stop by itself, with what it knows, before the engine ends the whole worker.
    this.#deadline = performance.now() + limits.timeMs * 0.8;
  }

  /** Adds `amount` to a counter; throws `limit.reached` past the limit or the time. */
  charge(counter: Counter, amount = 1): void {
    this.#used[counter] += amount;
    if (this.#used[counter] > this.limits[counter]) throw limitReached(counter, this.limits[counter]);
    this.checkTime();
  }

  /** Throws `limit.reached` once the time is over. Call it every few thousand steps. */
  checkTime(): void {
    if (performance.now() <= this.#deadline) return;
    this.#isOutOfTime = true;
    throw limitReached('timeMs', this.limits.timeMs);
  }

  /** True once {@link checkTime} has thrown: the result depends on how busy the machine was. */
  get isOutOfTime(): boolean {
    return this.#isOutOfTime;
  }

  /** Throws `limit.reached` when a parser wants to hold more than `limits.buffer` bytes at once. */
  checkBuffer(bytes: number): void {
    if (!(bytes <= this.limits.buffer)) throw limitReached('buffer', this.limits.buffer);
  }
}

/** The error every limit ends in. */
export function limitReached(limit: keyof Limits, value: number): CordonError {
  return new CordonError('limit.reached', `limit reached: ${limit} (${value})`);
}
