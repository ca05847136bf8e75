/** UBJSON as XGBoost writes it: 64-bit lengths, counted arrays, typed arrays of 32-bit integers for numbers. */
export type Ubjson = string | Int32Array | readonly Ubjson[] | { readonly [key: string]: Ubjson };

function long(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write('L');
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

/** Encodes a value. */
export function ubjson(value: Ubjson): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from('S'), long(value.length), Buffer.from(value)]);
  if (value instanceof Int32Array) {
    const numbers = Buffer.alloc(value.length * 4);
    value.forEach((number, i) => numbers.writeInt32BE(number, i * 4));
    return Buffer.concat([Buffer.from('[$l#'), long(value.length), numbers]);
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('[#'), long(value.length), ...value.map(ubjson)]);
  const entries = Object.entries(value as Readonly<Record<string, Ubjson>>);
  return Buffer.concat([
    Buffer.from('{'),
    ...entries.flatMap(([key, item]) => [long(key.length), Buffer.from(key), ubjson(item)]),
    Buffer.from('}'),
  ]);
}
