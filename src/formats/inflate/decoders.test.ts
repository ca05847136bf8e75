import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { HEAD_BYTES } from '../signature.ts';
import { sniff } from '../sniff.ts';
import type { InflatedSource } from './inflated-source.ts';
import { openCompressed } from './open.ts';

/** What Python's bz2, gzip, zlib, lzma and lz4 and the zstd tool compressed into the samples. */
function sampleContent(): Buffer {
  const text = Buffer.from(Array.from({ length: 60 }, (_, i) => `line ${i} of the sample, much like the one before\n`).join(''));
  const noise = Buffer.alloc(700);
  for (let i = 0, seed = 12345; i < noise.length; i++) {
    seed = Number((BigInt(seed) * 1103515245n + 12345n) & 0x7fffffffn);
    noise[i] = (seed >>> 16) & 0xff;
  }
  const calls = Array.from({ length: 40 }, (_, i) => {
    const call = Buffer.from('e8000000009055e900000000', 'hex');
    call.writeInt32LE(i * 1000 - i * i, 1);
    call.writeUInt32LE(0x00ffffff - i, 8);
    return call;
  });
  return Buffer.concat([text, noise, Buffer.alloc(70_000), ...calls, text]);
}

const folder = new URL('samples/', import.meta.url);
const samples = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))] as const);
const content = sampleContent();

function open(bytes: Uint8Array): InflatedSource | undefined {
  const source = bufferSource(bytes);
  const budget = new Budget(Limits.parse({ inflatedBytes: 32 * 1024 * 1024, timeMs: 10_000 }));
  return openCompressed(sniff(bytes.subarray(0, HEAD_BYTES), source), source, budget);
}

describe('every decoder', () => {
  test.each(samples)('inflates %s to exactly what was compressed', (_name, bytes) => {
    const inflated = open(bytes);
    expect(inflated?.size).toBe(content.length);
    expect(inflated?.failure).toBeUndefined();
    expect(Buffer.compare(inflated?.read(0, content.length) ?? content.subarray(1), content)).toBe(0);
  });

  test.each(samples)('tells what follows %s', (_name, bytes) => {
    const inflated = open(Buffer.concat([bytes, Buffer.from('and more')]));
    expect(inflated?.end).toBe(bytes.length);
    expect(inflated?.failure).toBeUndefined();
  });

  test.each(samples)('keeps the good part of a cut %s and says that it is cut', (_name, bytes) => {
    const inflated = open(bytes.subarray(0, bytes.length - 1));
    const kept = inflated?.read(0, content.length + 1) ?? new Uint8Array(0);
    expect(inflated?.failure?.code).toMatch(/^format\.(truncated|malformed)$/);
    expect(kept.length).toBeGreaterThan(0.99 * content.length);
    expect(Buffer.compare(kept, content.subarray(0, kept.length))).toBe(0);
  });

  test.each(samples)('survives any damage to %s', (_name, bytes) => {
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.nat(bytes.length), (changes, length) => {
        const damaged = Buffer.from(bytes.subarray(0, Math.max(length, bytes.length - length)));
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        try {
          const inflated = open(damaged);
          if (inflated !== undefined) expect(inflated.size).toBeLessThanOrEqual(32 * 1024 * 1024);
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      }),
      { numRuns: 60 },
    );
  });
});
