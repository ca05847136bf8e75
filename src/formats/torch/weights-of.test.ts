import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binGet, binPut, bytes, call, int, op, pickle, runsId, stackGlobal, system, text } from '../../../test/pickle-assembler.ts';
import { stateDictPickle } from '../../../test/convert/state-dict-pickle.ts';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { openTorchArchive } from './archive.ts';
import { unpickle } from './unpickle.ts';
import { type Weights, weightsOf } from './weights-of.ts';

const TENSOR = { type: 'FloatStorage', elements: 2, offset: 0, size: [2], stride: [1] };
/** The opcodes between PROTO and STOP. */
const inner = (pickled: Uint8Array): Uint8Array => pickled.subarray(2, -1);
const tensors = inner(stateDictPickle({ w: TENSOR, b: TENSOR }));
const weights = (pickled: Uint8Array): Weights => weightsOf(unpickle(bufferSource(pickled), new Budget(Limits.parse({})), 'leave-out'));
const names = (pickled: Uint8Array): string[] => [...weights(pickled).tensors.keys()];
const entry = (key: string, ...value: readonly Uint8Array[]): Uint8Array => bytes(text(key), ...value, op.setItem);

test('a payload among the tensors is left out and never made', () => {
  const pickled = pickle(tensors, entry('payload', runsId), entry('epoch', int(3)));
  expect(weights(pickled)).toMatchObject({ key: '', leftOut: ['payload', 'epoch'] });
  expect(names(pickled)).toEqual(['w', 'b']);
});

test('a payload that runs before the weights are read is left out too', () => {
  expect(names(pickle(runsId, bytes(op.pop), tensors))).toEqual(['w', 'b']);
});

test('a training checkpoint gives its weights', () => {
  const callbacks = call(stackGlobal('pytorch_lightning.callbacks', 'ModelCheckpoint'), text('best'));
  const pickled = pickle(op.emptyDict, entry('callbacks', callbacks), entry('state_dict', tensors), entry('optimizer', tensors));
  expect(weights(pickled)).toMatchObject({ key: 'state_dict', leftOut: ['callbacks', 'optimizer'] });
});

test.each([
  ['an object made of tensors', entry('odd', call(stackGlobal('acme.tensors', 'Quantised'), tensors)), 'which would be lost'],
  ['a dict of tensors among tensors', entry('nested', tensors), 'which would be lost'],
  ['an array of another library', entry('a', call(stackGlobal('numpy.core.multiarray', '_reconstruct'), int(0))), 'which would be lost'],
  ['a quantised tensor', entry('q', stackGlobal('torch._utils', '_rebuild_qtensor')), 'quantised'],
  ['another way to rebuild a tensor', entry('q', stackGlobal('torch._utils', '_rebuild_device_tensor_from_numpy')), 'cannot be converted'],
])('%s is refused, not dropped', (_, part, reason) => {
  expect(() => weights(pickle(tensors, part))).toThrow(reason);
});

test('what is no dict, or has no one place for the weights, is refused', () => {
  expect(() => weights(pickle(runsId))).toThrow('an object of posix.system');
  expect(() => weights(pickle(op.emptyDict, entry('one', tensors), entry('two', tensors)))).toThrow('not clear which dict');
  expect(() => weights(pickle(op.emptyDict, entry('n', int(1))))).toThrow('not clear which dict');
});

test('values that contain themselves end', () => {
  const cyclic = bytes(op.emptyList, binPut(9), binGet(9), op.append);
  expect(names(pickle(tensors, entry('loop', cyclic)))).toEqual(['w', 'b']);
  const object = bytes(call(system, text('id')), binPut(8), binGet(8), op.build);
  expect(names(pickle(tensors, entry('loop', object)))).toEqual(['w', 'b']);
});

test('whatever the bytes, the answer is weights or a refusal', () => {
  const file = new Uint8Array(readFileSync(new URL('../../../test/convert/files/checkpoint.pt', import.meta.url)));
  const budget = new Budget(Limits.parse({}));
  const real = openTorchArchive(bufferSource(file), budget).pickle;
  const base = real.read(0, real.size);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
      const pickled = Uint8Array.from(base);
      for (const [at, value] of changes) pickled[at] = value;
      try {
        for (const tensor of weights(pickled).tensors.values()) expect(tensor.kind).toBe('tensor');
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 300 },
  );
});
