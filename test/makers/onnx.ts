import { int, len, message } from './protobuf.ts';

/** A ModelProto (IR version 8, operator set 17) around the fields of a graph; more model fields may follow. */
export function onnxModel(graph: readonly Uint8Array[], ...more: readonly Uint8Array[]): Buffer {
  return message(
    int(1, 8),
    len(2, 'pytorch'),
    len(3, '2.1.0'),
    len(7, ...graph, len(2, 'main_graph')),
    len(8, len(1, ''), int(2, 17)),
    ...more,
  );
}

/** A node of a graph: operator, domain, attributes. */
export function onnxNode(opType: string, domain = '', ...attributes: readonly Uint8Array[]): Buffer {
  return len(1, nodeFields(opType, domain, ...attributes));
}

/** The fields of a NodeProto, for functions, where it has another number. */
export function nodeFields(opType: string, domain = '', ...attributes: readonly Uint8Array[]): Buffer {
  return message(len(1, 'x'), len(2, 'y'), len(3, `/${opType}`), len(4, opType), ...attributes, ...(domain === '' ? [] : [len(7, domain)]));
}

/** A string attribute of a node. */
export function textAttribute(name: string, value: string): Buffer {
  return len(5, len(1, name), len(4, value), int(20, 3));
}

/** A graph attribute of a node: a branch or the body of a loop. */
export function graphAttribute(name: string, ...graph: readonly Uint8Array[]): Buffer {
  return len(5, len(1, name), len(6, ...graph, len(2, name)), int(20, 5));
}

/** A FLOAT initializer of a graph with raw data of `bytes` bytes. */
export function rawTensor(name: string, dims: readonly number[], bytes: number): Buffer {
  return len(5, ...dims.map((dim) => int(1, dim)), int(2, 1), len(8, name), len(9, Buffer.alloc(bytes, 1)));
}

/** A FLOAT initializer of a graph whose data lies in another file. */
export function externalTensor(name: string, entries: Readonly<Record<string, string>>): Buffer {
  const external = Object.entries(entries).map(([key, value]) => len(13, len(1, key), len(2, value)));
  return len(5, int(1, 4), int(2, 1), len(8, name), ...external, int(14, 1));
}
