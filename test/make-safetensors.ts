/** A safetensors file from its header, given as written or as an object, and its buffer. `length` overrides the stated one. */
export function makeSafetensors(header: string | object, buffer: Uint8Array, length?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length ?? BigInt(text.length));
  return new Uint8Array(Buffer.concat([prefix, text, buffer]));
}

/** `count` F32 zeros as a header entry that begins at byte `begin`. */
export function f32(count: number, begin: number): object {
  return { dtype: 'F32', shape: [count], data_offsets: [begin, begin + 4 * count] };
}
