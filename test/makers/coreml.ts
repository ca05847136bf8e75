import { int, len, message } from './protobuf.ts';

/** A CoreML model: version, description, and the field of its kind. */
export function coremlModel(...kind: readonly Uint8Array[]): Buffer {
  return message(int(1, 7), len(2, len(1, len(1, 'x')), len(10, len(1, 'y')), len(100, len(3, 'someone'))), ...kind);
}

/** A neural network with these layers, each given as fields of a layer. */
export function neuralNetwork(...layers: readonly Uint8Array[]): Buffer {
  return len(500, ...layers.map((layer) => len(1, len(1, 'layer'), len(2, 'x'), len(3, 'y'), layer)));
}

/** A custom layer or model: the class that implements it. */
export function customClass(number: number, className: string): Buffer {
  return len(number, len(10, className));
}

/** An ML program with one constant whose data lies in a file. */
export function mlProgram(fileName: string, type = 'const'): Buffer {
  const value = len(5, len(1, fileName), int(2, 64));
  const operation = len(3, len(1, type), len(5, len(1, 'val'), len(2, value)));
  return len(502, int(1, 1), len(2, len(1, 'main'), len(2, len(2, 'CoreML7'), len(3, len(1, 'CoreML7'), len(2, operation)))));
}
