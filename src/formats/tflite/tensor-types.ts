/** TensorFlow Lite element types by number: the name reports use, and the bits of one element (0 where it varies). */
const TENSOR_TYPES: readonly (readonly [name: string, bits: number])[] = [
  ['F32', 32],
  ['F16', 16],
  ['I32', 32],
  ['U8', 8],
  ['I64', 64],
  ['STRING', 0],
  ['BOOL', 8],
  ['I16', 16],
  ['C64', 64],
  ['I8', 8],
  ['F64', 64],
  ['C128', 128],
  ['U64', 64],
  ['RESOURCE', 0],
  ['VARIANT', 0],
  ['U32', 32],
  ['U16', 16],
  ['I4', 4],
  ['BF16', 16],
  ['I2', 2],
  ['U4', 4],
];

/** Name and bits of an element type; bits are 0 for strings, handles and unknown types. */
export function tensorType(type: number): { readonly name: string; readonly bits: number } {
  const [name, bits] = TENSOR_TYPES[type] ?? [`unknown-${type}`, 0];
  return { name, bits };
}
