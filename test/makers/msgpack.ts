/** MessagePack from plain values; numbers below 128, short strings, byte strings and extensions. */
export type Packable = number | string | Uint8Array | Extension | readonly Packable[] | { readonly [key: string]: Packable };

/** An extension value: type and payload. */
export class Extension {
  readonly type: number;
  readonly payload: Uint8Array;

  constructor(type: number, payload: Uint8Array) {
    this.type = type;
    this.payload = payload;
  }
}

/** Encodes a value. */
export function pack(value: Packable): Buffer {
  if (typeof value === 'number') return Buffer.from([value]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from([0xd9, Buffer.byteLength(value)]), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from([0xc4, value.length]), value]);
  if (value instanceof Extension) return Buffer.concat([Buffer.from([0xc7, value.payload.length, value.type]), value.payload]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([0x90 | value.length]), ...value.map(pack)]);
  const entries = Object.entries(value);
  return Buffer.concat([Buffer.from([0x80 | entries.length]), ...entries.flatMap(([key, item]) => [pack(key), pack(item)])]);
}
