/** A varint as bytes; negative numbers take ten, as protobuf writes them. */
export function varintBytes(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** A field tag as bytes. */
export function tagBytes(number: number, wire: number): Uint8Array {
  return varintBytes(BigInt(number * 8 + wire));
}
