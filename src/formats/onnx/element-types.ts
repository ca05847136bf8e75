/** ONNX element types by number: the name reports use, and the bits of one element (0 where it varies). */
const ELEMENT_TYPES: Readonly<Record<number, readonly [name: string, bits: number]>> = {
  1: ['F32', 32],
  2: ['U8', 8],
  3: ['I8', 8],
  4: ['U16', 16],
  5: ['I16', 16],
  6: ['I32', 32],
  7: ['I64', 64],
  8: ['STRING', 0],
  9: ['BOOL', 8],
  10: ['F16', 16],
  11: ['F64', 64],
  12: ['U32', 32],
  13: ['U64', 64],
  14: ['C64', 64],
  15: ['C128', 128],
  16: ['BF16', 16],
  17: ['F8_E4M3FN', 8],
  18: ['F8_E4M3FNUZ', 8],
  19: ['F8_E5M2', 8],
  20: ['F8_E5M2FNUZ', 8],
  21: ['U4', 4],
  22: ['I4', 4],
  23: ['F4_E2M1', 4],
  24: ['F8_E8M0', 8],
  25: ['U2', 2],
  26: ['I2', 2],
};

/** Name of an element type, `unknown-<n>` for one that the standard does not have. */
export function elementTypeName(type: number): string {
  return ELEMENT_TYPES[type]?.[0] ?? `unknown-${type}`;
}

/** Bits of one element; undefined for strings and unknown types. */
export function elementBits(type: number): number | undefined {
  return ELEMENT_TYPES[type]?.[1] || undefined;
}
