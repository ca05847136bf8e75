import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferSource } from '../bytes/source.ts';
import { coreml } from '../coreml/signature.ts';
import { executorch } from '../executorch/signature.ts';
import { onnx } from '../onnx/signature.ts';
import { paddle } from '../paddle/signature.ts';
import { tensorflow, tfCheckpoint } from '../tensorflow/signature.ts';
import { tflite } from '../tflite/signature.ts';
import { coremlModel, neuralNetwork } from '../../../test/makers/coreml.ts';
import { onnxModel, onnxNode } from '../../../test/makers/onnx.ts';
import { paddleOperator, paddleProgram } from '../../../test/makers/paddle.ts';
import { int, len, message } from '../../../test/makers/protobuf.ts';
import { constant, graphDef, savedModel } from '../../../test/makers/tensorflow.ts';
import { tfliteModel } from '../../../test/makers/tflite.ts';
import { executorchProgram } from '../../../test/makers/executorch.ts';

const SIGNATURES = [onnx, coreml, tensorflow, paddle, tflite, executorch, tfCheckpoint];

function formatsOf(bytes: Uint8Array): string[] {
  return SIGNATURES.filter((signature) => signature.matches(bytes.subarray(0, 4096), bufferSource(bytes))).map(({ format }) => format);
}

/** A sentencepiece vocabulary: pieces with scores, which begins with the same byte as a TensorFlow graph. */
const sentencePiece = message(
  ...['<unk>', '<s>', 'the'].map((piece) => len(1, len(1, piece), Buffer.from([0x15, 0, 0, 0x80, 0xbf]), int(3, 2))),
);
/** Pairs of texts, which look like nodes without attributes. */
const pairs = message(...['en', 'de', 'fr'].map((key) => len(1, len(1, key), len(2, `name_${key}`))));
/** The head of a Caffe network: a name, then layers under the number 100. */
const caffe = message(len(1, 'LeNet'), len(100, len(1, 'conv1'), len(2, 'Convolution'), len(3, 'data'), len(4, 'conv1')));
/** TFRecord-like Example: features by name. */
const example = len(1, len(1, len(1, 'label'), len(2, len(3, len(1, int(1, 1))))));

describe('model signatures', () => {
  test.each([
    ['onnx', onnxModel([onnxNode('Relu')])],
    ['coreml', coremlModel(neuralNetwork(len(130)))],
    ['tensorflow', savedModel([constant('c', 'x')])],
    ['tensorflow', graphDef([constant('c', 'x')])],
    ['paddle', paddleProgram(paddleOperator('relu'))],
    ['tflite', tfliteModel({})],
    ['executorch', executorchProgram({})],
  ])('%s is itself and nothing else', (format, bytes) => {
    expect(formatsOf(bytes)).toEqual([format]);
  });

  test.each([
    ['a sentencepiece vocabulary', sentencePiece],
    ['pairs of texts', pairs],
    ['a Caffe network', caffe],
    ['an example of a dataset', example],
    ['text', Buffer.from('node of a graph { op }\n')],
    ['Caffe text', Buffer.from('name: "LeNet"\nlayer {\n  name: "data"\n  type: "Input"\n}\n')],
    ['a label map', Buffer.from('item {\n  id: 1\n  name: "cat"\n}\n')],
    ['zeros', Buffer.alloc(4096)],
  ])('%s is none of them', (_name, bytes) => {
    expect(formatsOf(bytes)).toEqual([]);
  });

  test('random bytes are none of them', () => {
    const first = fc.constantFrom(0x08, 0x0a, 0x12, 0x1a, 0x22, 0x3a, 0x42);
    const rest = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(first, rest, (byte, bytes) => {
        expect(formatsOf(Buffer.concat([Buffer.of(byte), bytes]))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
