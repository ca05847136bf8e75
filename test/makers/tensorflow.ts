import { int, len, message } from './protobuf.ts';

/** A SavedModel with one meta graph around these graph fields; more meta graph fields may follow. */
export function savedModel(graph: readonly Uint8Array[], ...more: readonly Uint8Array[]): Buffer {
  return message(int(1, 1), len(2, len(1, len(4, 'serve'), len(5, '2.15.0')), graphField(graph), ...more));
}

/** A GraphDef file: the form of frozen graphs. */
export function graphDef(graph: readonly Uint8Array[]): Buffer {
  return message(...graph, len(4, int(1, 1395)));
}

function graphField(graph: readonly Uint8Array[]): Buffer {
  return len(2, graphDef(graph));
}

/** A node: name, operator, inputs, attributes. */
export function node(name: string, op: string, inputs: readonly string[] = [], ...attributes: readonly Uint8Array[]): Buffer {
  return len(1, nodeFields(name, op, inputs, ...attributes));
}

/** The fields of a node, for function bodies, where it has another number. */
export function nodeFields(name: string, op: string, inputs: readonly string[] = [], ...attributes: readonly Uint8Array[]): Buffer {
  return message(len(1, name), len(2, op), ...inputs.map((input) => len(3, input)), ...attributes);
}

/** An attribute; `value` is made of AttrValue fields: 2 text, 6 type, 8 tensor, 10 function, 1 list. */
export function attribute(key: string, ...value: readonly Uint8Array[]): Buffer {
  return len(5, len(1, key), len(2, ...value));
}

/** The attributes of a Const that holds these strings. */
export function stringValue(...strings: readonly (string | Uint8Array)[]): Buffer {
  return message(attribute('dtype', int(6, 7)), attribute('value', len(8, int(1, 7), len(2), ...strings.map((text) => len(8, text)))));
}

/** A Const node that holds one string. */
export function constant(name: string, text: string | Uint8Array): Buffer {
  return node(name, 'Const', [], stringValue(text));
}

/** A function of the library: name, arguments, body as node fields. */
export function functionDef(name: string, inputs: readonly string[], ...body: readonly Uint8Array[]): Buffer {
  return len(1, len(1, len(1, name), ...inputs.map((input) => len(2, len(1, input)))), ...body.map((fields) => len(3, fields)));
}

/** The function library of a graph. */
export function library(...functions: readonly Uint8Array[]): Buffer {
  return len(2, ...functions);
}

/** The attribute that says which function a call runs. */
export function calls(name: string): Buffer {
  return attribute('f', len(10, len(1, name)));
}

/** An asset of a meta graph: the tensor that is fed its path, and its file name. */
export function asset(tensor: string, filename: string): Buffer {
  return len(6, len(1, len(1, tensor)), len(2, filename));
}
