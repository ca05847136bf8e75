/** TensorFlow data types by number, as reports name them. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'F32',
  2: 'F64',
  3: 'I32',
  4: 'U8',
  5: 'I16',
  6: 'I8',
  7: 'STRING',
  8: 'C64',
  9: 'I64',
  10: 'BOOL',
  11: 'QI8',
  12: 'QU8',
  13: 'QI32',
  14: 'BF16',
  17: 'U16',
  18: 'C128',
  19: 'F16',
  20: 'RESOURCE',
  21: 'VARIANT',
  22: 'U32',
  23: 'U64',
};

/** Number of the string type. */
export const DT_STRING = 7;

/** Name of a data type; references (100 and more) are named by what they refer to. */
export function dataTypeName(type: number): string {
  return NAMES[type > 100 ? type - 100 : type] ?? `type-${type}`;
}
