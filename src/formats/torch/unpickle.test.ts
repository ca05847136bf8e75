import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binGet, binPut, bytes, call, op, pickle, stackGlobal, text } from '../../../test/pickle-assembler.ts';
import { stateDictPickle } from '../../../test/convert/state-dict-pickle.ts';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { openTorchArchive } from './archive.ts';
import { stateDict } from './state-dict.ts';
import { unpickle } from './unpickle.ts';

const budget = (): Budget => new Budget(Limits.parse({}));
const files = new URL('../../../test/convert/files/', import.meta.url);
const reals = readdirSync(files)
  .filter((name) => name.endsWith('.pt'))
  .map((name) => new Uint8Array(readFileSync(new URL(name, files))));

test('reads a tensor with its storage, shape and strides', () => {
  const pickled = stateDictPickle({ w: { type: 'BFloat16Storage', elements: 12, offset: 2, size: [2, 3], stride: [1, 2] } });
  const dtype = { name: 'BF16', bytes: 2 };
  const storage = { kind: 'storage', key: '0', dtype, bytes: 24 };
  expect(stateDict(unpickle(bufferSource(pickled), budget()), undefined).get('w')).toEqual({
    kind: 'tensor',
    dtype,
    storage,
    offset: 2,
    shape: [2, 3],
    stride: [1, 2],
  });
});

test('a dict that contains itself ends', () => {
  const cyclic = pickle(op.emptyDict, binPut(0), text('self'), binGet(0), op.setItem);
  expect(() => stateDict(unpickle(bufferSource(cyclic), budget()), undefined)).toThrow('the key "self" holds a dict');
  expect(() => stateDict(unpickle(bufferSource(cyclic), budget()), 'self.self')).toThrow('there is no dict of tensors');
});

test.each([
  ['posix.system', call(stackGlobal('posix', 'system'), text('id'))],
  ['builtins.eval', stackGlobal('builtins', 'eval')],
  ['torch._utils._rebuild_qtensor', stackGlobal('torch._utils', '_rebuild_qtensor')],
  ['collections.OrderedDict.clear', stackGlobal('collections', 'OrderedDict.clear')],
  ['torch.FloatStorage.from_file', stackGlobal('torch', 'FloatStorage.from_file')],
])('the name %s is refused with its byte', (name, part) => {
  expect(() => unpickle(bufferSource(pickle(op.emptyDict, text('w'), part, op.setItem)), budget())).toThrow(
    expect.objectContaining({ code: 'convert.refused', message: expect.stringMatching(new RegExp(`"${name}".*at byte \\d+ of data.pkl`)) }),
  );
});

test('any mutation or truncation of a real file is read or refused with a CordonError', () => {
  const mutation = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(fc.constantFrom(...reals), fc.array(mutation, { maxLength: 6 }), fc.option(fc.nat()), (real, mutations, cut) => {
      const mutated = real.slice();
      for (const [at, byte] of mutations) mutated[at % mutated.length] = byte;
      const content = cut === null ? mutated : mutated.subarray(0, cut % mutated.length);
      try {
        const archive = openTorchArchive(bufferSource(content), budget());
        for (const tensor of stateDict(unpickle(archive.pickle, budget()), undefined).values()) archive.open(tensor.storage).read(0, 64);
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 1500 },
  );
});

test('any opcodes are read or refused with a CordonError', () => {
  const opcode = fc.constantFrom(...'()}]\x85\x86\x87NtsuRbQ\x94\x93ae.\x88\x89'.split(''));
  const part = fc.oneof(opcode, opcode, fc.constantFrom('K\x01', 'h\0', 'q\0', '\x8c\x01a'), fc.string({ unit: 'binary', maxLength: 3 }));
  const starts = ['\x8c\x0bcollections\x8c\x0bOrderedDict\x93', '\x8c\x05torch\x8c\x04Size\x93', '\x8c\x07storage'];
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.constantFrom(...starts)), { maxLength: 30 }), (parts) => {
      try {
        unpickle(bufferSource(bytes(...parts, '.')), budget());
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 3000 },
  );
});
