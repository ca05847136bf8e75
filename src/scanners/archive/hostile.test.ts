import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { inspectFile } from '../../engine/inspect-file.ts';
import { bufferSource } from '../../formats/bytes/source.ts';
import { compressedScanner } from '../compressed/scanner.ts';
import { sevenZipScanner } from '../seven-zip/scanner.ts';
import { tarScanner } from '../tar/scanner.ts';
import { zipScanner } from '../zip/scanner.ts';
import { archiveScanner } from './scanner.ts';

const SCANNERS = [archiveScanner, compressedScanner, sevenZipScanner, tarScanner, zipScanner];

const samples = ['zip', 'tar', 'seven-zip', 'compressed'].flatMap((id) => {
  const folder = new URL(`../${id}/fixtures/real/files/`, import.meta.url);
  return readdirSync(folder).map((name) => [`${id}/${name}`, readFileSync(new URL(name, folder))] as const);
});

describe('containers that are damaged in any way', () => {
  test.each(samples)('%s', (_name, bytes) => {
    const place = fc.oneof(
      fc.nat(bytes.length - 1),
      fc.nat(63),
      fc.nat(120).map((back) => Math.max(0, bytes.length - 1 - back)),
    );
    const change = fc.tuple(place, fc.oneof(fc.constantFrom(0x00, 0x7f, 0x80, 0xff), fc.nat(255)), fc.integer({ min: 1, max: 8 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.option(place), (changes, cut) => {
        const damaged = Buffer.from(cut === null ? bytes : bytes.subarray(0, cut));
        for (const [at, value, length] of changes) if (at < damaged.length) damaged.fill(value, at, Math.min(at + length, damaged.length));
        const budget = new Budget(Limits.parse({ inflatedBytes: 64 * 1024 * 1024, timeMs: 10_000 }));
        const result = inspectFile('damaged', bufferSource(damaged), SCANNERS, budget);
        expect(result.sightings.filter((sighting) => sighting.rule === 'engine.scanner-failed')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
