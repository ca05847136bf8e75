/** Headers of programs, without a single instruction behind them. */

/** An ELF shared library for x86-64: identification, then zeros. */
export function elf(): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(3, 16);
  bytes.writeUInt16LE(62, 18);
  return bytes;
}

/** A PE file: DOS stub that points to `PE\0\0`. */
export function pe(): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.write('MZ');
  bytes.writeUInt32LE(128, 0x3c);
  bytes.write('PE\0\0', 128);
  return bytes;
}

/** A Mach-O library for arm64. */
export function machO(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(0xfeed_facf, 0);
  bytes.writeUInt32LE(0x0100_000c, 4);
  bytes.writeUInt32LE(6, 12);
  return bytes;
}

/** An Actually Portable Executable with `tail` behind its header. */
export function ape(tail: Uint8Array = new Uint8Array(64)): Buffer {
  return Buffer.concat([Buffer.from("MZqFpD='\n\0"), Buffer.alloc(118), tail]);
}

/** A GGUF version 3 header without tensors and keys. */
export function emptyGguf(): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.write('GGUF');
  bytes.writeUInt32LE(3, 4);
  return bytes;
}
