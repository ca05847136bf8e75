import { expect, test } from 'vitest';
import { ape, elf, machO, pe } from '../../../test/makers/programs.ts';
import { bufferSource } from '../bytes/source.ts';
import { recogniseExecutable } from './recognise.ts';

function kindOf(bytes: Uint8Array): string | undefined {
  return recogniseExecutable(bytes.subarray(0, 4096), bufferSource(bytes));
}

test('programs are recognised by their headers', () => {
  expect([elf(), pe(), machO(), ape()].map(kindOf)).toEqual(['elf', 'pe', 'mach-o', 'ape']);
});

test('short magic numbers alone are not enough', () => {
  for (const text of [
    'MZ',
    'MZ and more text than a header needs, so that the offset is read from letters',
    '#!/bin/sh\necho ok\n',
    '!<arch',
    'dex\n',
  ]) {
    expect(kindOf(Buffer.from(text)), text).toBeUndefined();
  }
  expect(kindOf(Buffer.concat([Buffer.from('cafebabe', 'hex'), Buffer.alloc(64)]))).toBeUndefined();
});

test('a payload may be anywhere in a script', () => {
  const script = Buffer.from(`#!/bin/sh\n${'# text\n'.repeat(2_000)}`);
  expect(kindOf(script)).toBeUndefined();
  expect(kindOf(Buffer.concat([script, Buffer.alloc(512)]))).toBe('script-with-payload');
});
