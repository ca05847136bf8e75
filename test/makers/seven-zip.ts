import { crc32 } from 'node:zlib';

/** What can be crooked in a 7z archive. */
export interface SevenZipMember {
  readonly name: string;
  readonly content: string;
  /** Unix mode. */
  readonly mode?: number;
}

/** A 7z archive of one folder with the method given (stored, unless said) and an uncompressed header. `gap`: bytes before the header. */
export function sevenZip(members: readonly SevenZipMember[], method: readonly number[] = [0x00], gap = ''): Uint8Array {
  const packed = Buffer.from(members.map((member) => member.content).join(''));
  const sizes = members.map((member) => Buffer.byteLength(member.content));
  const names = Buffer.from(members.map((member) => `${member.name}\0`).join(''), 'utf16le');
  const attributes = Buffer.alloc(members.length * 4);
  for (const [i, { mode = 0o100_644 }] of members.entries()) attributes.writeUInt32LE(((mode << 16) | 0x8000) >>> 0, i * 4);
  const header = Buffer.concat([
    Buffer.of(0x01, 0x04),
    Buffer.of(0x06, ...number(0), ...number(1), 0x09, ...number(packed.length), 0x00),
    Buffer.of(0x07, 0x0b, ...number(1), 0x00, ...number(1), method.length, ...method, 0x0c, ...number(packed.length), 0x00),
    Buffer.of(0x08, 0x0d, ...number(members.length), 0x09, ...sizes.slice(0, -1).flatMap(number), 0x00, 0x00),
    Buffer.of(0x05, ...number(members.length)),
    Buffer.concat([Buffer.of(0x11, ...number(names.length + 1), 0x00), names]),
    Buffer.concat([Buffer.of(0x15, ...number(attributes.length + 2), 0x01, 0x00), attributes]),
    Buffer.of(0x00, 0x00),
  ]);
  const start = Buffer.alloc(20);
  start.writeBigUInt64LE(BigInt(packed.length + gap.length), 0);
  start.writeBigUInt64LE(BigInt(header.length), 8);
  start.writeUInt32LE(crc32(header), 16);
  const signature = Buffer.concat([Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'), Buffer.alloc(4), start]);
  signature.writeUInt32LE(crc32(start), 8);
  return new Uint8Array(Buffer.concat([signature, packed, Buffer.from(gap), header]));
}

/** A 7z number of up to 14 bits. */
function number(value: number): number[] {
  return value < 0x80 ? [value] : [0x80 | (value >>> 8), value & 0xff];
}
