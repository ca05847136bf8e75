/** A value of a flatbuffer field: bytes that lie in the table, or an object that the table points to. */
export type FlatValue = { readonly inline: Buffer } | { readonly object: (writer: FlatWriter) => number };

/** Fields of a table by their index in the schema. */
export type FlatFields = Readonly<Record<number, FlatValue>>;

/** Appends objects and patches the offsets that lead to them: flatbuffer offsets always lead forward. */
class FlatWriter {
  bytes: Buffer = Buffer.alloc(0);

  append(...parts: readonly Uint8Array[]): number {
    const at = this.bytes.length;
    this.bytes = Buffer.concat([this.bytes, ...parts]);
    return at;
  }

  point(from: number, to: number): void {
    this.bytes.writeUInt32LE(to - from, from);
  }
}

export const u8 = (value: number): FlatValue => ({ inline: Buffer.of(value) });
export const i32 = (value: number): FlatValue => ({ inline: number32(value) });
export const u64 = (value: number | bigint): FlatValue => ({ inline: number64(value) });

/** A string field. */
export function text(value: string): FlatValue {
  return bytes(Buffer.from(value));
}

/** A vector of bytes. */
export function bytes(value: Uint8Array): FlatValue {
  return { object: (writer) => writer.append(number32(value.length), value, Buffer.alloc(4 - (value.length % 4))) };
}

/** A vector of 32-bit numbers. */
export function i32s(...values: readonly number[]): FlatValue {
  return { object: (writer) => writer.append(number32(values.length), ...values.map(number32)) };
}

/** A vector of 64-bit numbers. */
export function u64s(...values: readonly (number | bigint)[]): FlatValue {
  return { object: (writer) => writer.append(number32(values.length), ...values.map(number64)) };
}

/** A nested table. */
export function table(fields: FlatFields): FlatValue {
  return { object: (writer) => writeTable(writer, fields) };
}

/** A vector of tables. */
export function tables(...all: readonly FlatFields[]): FlatValue {
  return {
    object: (writer) => {
      const at = writer.append(number32(all.length), Buffer.alloc(4 * all.length));
      all.forEach((fields, index) => writer.point(at + 4 + 4 * index, writeTable(writer, fields)));
      return at;
    },
  };
}

/** A whole flatbuffer: identifier, `header` bytes behind it, root table. */
export function flatBuffer(identifier: string, root: FlatFields, header: Uint8Array = Buffer.alloc(0)): Buffer {
  const writer = new FlatWriter();
  writer.append(number32(0), Buffer.from(identifier), header);
  writer.point(0, writeTable(writer, root));
  return writer.bytes;
}

function writeTable(writer: FlatWriter, fields: FlatFields): number {
  const entries = Object.entries(fields).map(([index, value]) => ({ index: Number(index), value }));
  const count = Math.max(-1, ...entries.map(({ index }) => index)) + 1;
  const vtable = Buffer.alloc(4 + 2 * count);
  let size = 4;
  for (const { index, value } of entries) {
    vtable.writeUInt16LE(size, 4 + 2 * index);
    size += 'inline' in value ? value.inline.length : 4;
  }
  vtable.writeUInt16LE(vtable.length, 0);
  vtable.writeUInt16LE(size, 2);
  const vtableAt = writer.append(vtable);
  const inline = entries.map(({ value }) => ('inline' in value ? value.inline : number32(0)));
  const at = writer.append(number32(writer.bytes.length - vtableAt), ...inline);
  let field = at + 4;
  for (const { value } of entries) {
    if ('object' in value) writer.point(field, value.object(writer));
    field += 'inline' in value ? value.inline.length : 4;
  }
  return at;
}

function number32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value >>> 0);
  return buffer;
}

function number64(value: number | bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
  return buffer;
}
