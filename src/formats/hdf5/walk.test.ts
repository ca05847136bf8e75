import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { FLOAT32, Hdf5Writer, message } from '../../../test/hdf5-writer.ts';
import { utf8 } from '../bytes/read.ts';
import { bufferSource } from '../bytes/source.ts';
import { GlobalHeap } from './global-heap.ts';
import { readSuperblock } from './superblock.ts';
import { attributeTexts } from './text.ts';
import { readValues } from './values.ts';
import { type Hdf5Event, walkHdf5 } from './walk.ts';

const real = (name: string): Uint8Array => readFileSync(new URL(`../../scanners/hdf5/fixtures/real-files/${name}`, import.meta.url));
const budget = (): Budget => new Budget(Limits.parse({ timeMs: 10_000, steps: 5_000_000 }));

function walk(file: Uint8Array): Hdf5Event[] {
  return [...walkHdf5(readSuperblock(bufferSource(file), budget()))];
}

const paths = (events: readonly Hdf5Event[]): string[] => events.filter((event) => event.kind === 'object').map((event) => event.path);

test('dense links and attributes, newer chunk indexes, circular links', () => {
  const events = walk(real('h5py-latest.h5'));
  expect(events.filter((event) => event.kind === 'problem')).toEqual([]);
  expect(paths(events)).toHaveLength(25);
  const root = events.find((event) => event.kind === 'object' && event.path === '/');
  expect(root?.kind === 'object' && root.attributes.map(({ name }) => name).toSorted()[3]).toBe('attribute 11');
  expect(events.flatMap((event) => (event.kind === 'link' ? [event.link] : []))).toEqual([
    { name: 'soft', kind: 'soft', target: '/chunked' },
  ]);
});

test('symbol tables, variable-length attributes and shapes as Keras writes them', () => {
  const superblock = readSuperblock(bufferSource(real('keras-3.h5')), budget());
  const heap = new GlobalHeap(superblock.file);
  const events = [...walkHdf5(superblock)];
  const root = events.find((event) => event.kind === 'object' && event.path === '/');
  const config = root?.kind === 'object' ? root.attributes.find(({ name }) => name === 'model_config') : undefined;
  const [text] = config === undefined ? [] : [...attributeTexts(superblock.file, heap, config)];
  expect(JSON.parse(utf8(text ?? new Uint8Array()))).toMatchObject({ class_name: 'Sequential' });
  const kernel = events.find((event) => event.path.endsWith('/kernel') && event.kind === 'object');
  expect(kernel?.kind === 'object' && kernel.dataset).toMatchObject({ shape: [4n, 2n], type: { name: 'F32', size: 4 }, externalFiles: [] });
});

test('chunked values with deflate and shuffle undone', () => {
  const superblock = readSuperblock(bufferSource(real('h5py-latest.h5')), budget());
  const found = [...walkHdf5(superblock)].find((event) => event.path === '/chunked');
  const dataset = found?.kind === 'object' ? found.dataset : undefined;
  const blocks = dataset === undefined ? [] : [...readValues(superblock.file, dataset)];
  expect(Buffer.concat(blocks).readBigInt64LE(24)).toBe(3n);
});

test('every mutation and every cut of a valid file is read or refused, in bounded time', () => {
  const writer = new Hdf5Writer();
  const dataset = writer.object(message.dataspace(2n), message.datatype(FLOAT32), message.contiguous(48n, 8n));
  const written = writer.finish(writer.group(message.link('a', dataset), message.attribute('b', 'c')));
  const edit = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 4, 8, 16, 64, 127, 128, 254, 255));
  fc.assert(
    fc.property(
      fc.constantFrom(written, real('keras-3.h5'), real('h5py-latest.h5'), real('pytables.h5')),
      fc.array(edit, { maxLength: 8 }),
      fc.option(fc.nat()),
      (file, edits, cut) => {
        const mutated = Uint8Array.from(cut === null ? file : file.subarray(0, cut % file.length));
        for (const [at, byte] of edits) if (mutated.length > 0) mutated[at % mutated.length] = byte;
        try {
          const superblock = readSuperblock(bufferSource(mutated), budget());
          const heap = new GlobalHeap(superblock.file);
          for (const event of walkHdf5(superblock)) {
            if (event.kind !== 'object') continue;
            for (const attribute of event.attributes) for (const text of attributeTexts(superblock.file, heap, attribute)) void text;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test('groups that share one table of links do not multiply the work', () => {
  const writer = new Hdf5Writer();
  let level = writer.group();
  for (let i = 0; i < 200; i++) level = writer.group(...Array.from({ length: 50 }, (_, j) => message.link(`l${j}`, level)));
  expect(paths(walk(writer.finish(level)))).toHaveLength(201);
});
