const TABLE = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  TABLE[i] = value >>> 0;
}

/** CRC-32 with the highest bit first, as bzip2 counts it, continuing from `previous` (0xffffffff at the start; inverted at the end). */
export function bzip2Crc(bytes: Uint8Array, previous: number): number {
  let crc = previous | 0;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ (bytes[i] as number)] as number);
  return crc;
}
