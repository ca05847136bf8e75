import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { int, len, message } from './protobuf.ts';

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'kumquat', 'apple', 'slow', '##s'];

/**
 * A model that finds the word "kumquat": every token has a row of two outputs, and the largest of each counts. Real enough for a runtime,
 * small enough to read.
 */
export function wordModel(): Buffer {
  const table = new Float32Array(WORDS.length * 2);
  for (const [id, word] of WORDS.entries()) table.set(word === 'kumquat' ? [2, 9] : [2, -2], id * 2);
  const node = (operator: string, inputs: readonly string[], output: string, ...more: readonly Uint8Array[]): Buffer =>
    len(1, ...inputs.map((name) => len(1, name)), len(2, output), len(3, output), len(4, operator), ...more);
  const value = (field: number, name: string, type: number, ...dims: readonly (string | number)[]): Buffer =>
    len(
      field,
      len(1, name),
      len(2, len(1, int(1, type), len(2, ...dims.map((dim) => len(1, typeof dim === 'string' ? len(2, dim) : int(1, dim)))))),
    );
  const axes = len(5, len(1, 'axes'), int(8, 1), int(20, 7));
  const noDims = len(5, len(1, 'keepdims'), int(3, 0), int(20, 2));
  return message(
    int(1, 8),
    len(
      7,
      node('Gather', ['table', 'input_ids'], 'rows'),
      node('ReduceMax', ['rows'], 'logits', axes, noDims),
      len(2, 'words'),
      len(5, int(1, WORDS.length), int(1, 2), int(2, 1), len(8, 'table'), len(9, Buffer.from(table.buffer))),
      value(11, 'input_ids', 7, 'batch', 'length'),
      value(12, 'logits', 1, 'batch', 2),
    ),
    len(8, len(1, ''), int(2, 17)),
  );
}

/** A folder as Hugging Face exports it: model.onnx, vocab.txt, config.json. */
export function writeWordModel(folder: string, labels: Readonly<Record<string, string>> = { 0: 'BENIGN', 1: 'INJECTION' }): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), wordModel());
  writeFileSync(join(folder, 'vocab.txt'), `${WORDS.join('\n')}\n`);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label: labels, max_position_embeddings: 512 }));
  return folder;
}
