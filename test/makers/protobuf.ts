/** A field with an integer value; negative ones take ten bytes, as protobuf writes them. */
export function int(number: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** A length-delimited field: text, bytes, or the fields of a nested message. */
export function len(number: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const content = message(...parts);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

/** The fields of a message, one after the other. */
export function message(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

/** A base-128 number, least significant group first. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
