import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { RawDeflateDecoder } from '../deflate/raw.ts';
import type { Decoder } from './decoder.ts';
import { InflatedSource } from './inflated-source.ts';

const MIB = 1024 * 1024;

/** Every four bytes tell their own offset. */
function counted(offset: number, length: number): Uint8Array {
  const words = new Uint32Array(length / 4);
  for (let i = 0; i < words.length; i++) words[i] = offset + 4 * i;
  return new Uint8Array(words.buffer);
}

/** A decoder of `size` counted bytes out of `size / ratio` compressed ones. */
function counting(size: number, ratio = 2): Decoder {
  let at = 0;
  return {
    get position() {
      return Math.ceil(at / ratio);
    },
    next() {
      if (at >= size) return undefined;
      at += MIB;
      return counted(at - MIB, MIB);
    },
  };
}

function budget(limits: Partial<Limits> = {}): Budget {
  return new Budget(Limits.parse(limits));
}

describe('InflatedSource', () => {
  test('inflates no further than is read', () => {
    const used = budget({ inflatedBytes: 3 * MIB });
    const source = new InflatedSource(() => counting(512 * MIB), used);
    expect(source.read(2 * MIB, 4)).toEqual(counted(2 * MIB, 4));
    expect(() => source.size).toThrow(CordonError);
  });

  test('reads forwards and backwards in content larger than it keeps', () => {
    let started = 0;
    const source = new InflatedSource(() => {
      started++;
      return counting(200 * MIB);
    }, budget());
    expect(source.size).toBe(200 * MIB);
    for (const offset of [199, 196, 100, 99.5, 150, 0.01, 130, 127].map((at) => Math.floor((at * MIB) / 4) * 4)) {
      expect(source.read(offset, 4096)).toEqual(counted(offset, 4096));
    }
    expect(source.read(200 * MIB - 8, 100)).toEqual(counted(200 * MIB - 8, 8));
    expect(source.read(300 * MIB, 100)).toHaveLength(0);
    // Once to learn the size, once for 100, once for 130.
    expect(started).toBe(3);
  });

  test('refuses to hold more at once than the limit', () => {
    const source = new InflatedSource(() => counting(200 * MIB), budget());
    expect(() => source.read(0, 150 * MIB)).toThrow(/buffer/);
  });

  test('stops output that grows out of nothing', () => {
    const source = new InflatedSource(() => counting(2048 * MIB, 40_000), budget());
    expect(() => source.size).toThrow(/ratio/);
  });

  test('keeps what came before a break', () => {
    const packed = deflateRawSync(counted(0, MIB), { level: 1 });
    const broken = Buffer.concat([packed.subarray(0, 1000), Buffer.from([0x07, 0xff, 0xff, 0xff, 0xff])]);
    const source = new InflatedSource(() => new RawDeflateDecoder(bufferSource(broken), 0), budget());
    const kept = source.size;
    expect(source.failure?.code).toMatch(/^format\./);
    expect(kept).toBeGreaterThan(1000);
    expect(source.read(0, 1000)).toEqual(counted(0, 1000));
  });
});
