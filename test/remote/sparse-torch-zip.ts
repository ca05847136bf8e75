import { storedZip } from '../makers/stored-zip.ts';
import type { Served } from './range-server.ts';

/** A torch zip whose storages are huge and all zero: only its structure is held in memory. */
export function sparseTorchZip(pickle: Uint8Array, storages: readonly number[]): Served {
  const names = storages.map((_, i) => `m/data/${i}`);
  const small = Buffer.from(
    storedZip({ 'm/data.pkl': pickle, 'm/version': '3\n', ...Object.fromEntries(names.map((name) => [name, ''])) }),
  );
  const directory = small.readUInt32LE(small.length - 6);
  const parts: { start: number; bytes: Buffer }[] = [];
  const central = Buffer.from(small.subarray(directory));
  let [at, entry, copied] = [0, 0, 0];
  const place = (bytes: Buffer): void => {
    parts.push({ start: at, bytes });
    at += bytes.length;
  };
  // Each local header is copied to where it lies once the zeros of the storages are in between.
  for (let member = 0; member < storages.length + 2; member++) {
    const next = member + 1 < storages.length + 2 ? central.readUInt32LE(entry + 46 + central.readUInt16LE(entry + 28) + 42) : directory;
    const local = Buffer.from(small.subarray(copied, next));
    central.writeUInt32LE(at, entry + 42);
    const size = storages[member - 2];
    if (size !== undefined)
      for (const [bytes, base] of [
        [local, 18],
        [central, entry + 20],
      ] as const) {
        bytes.writeUInt32LE(size, base);
        bytes.writeUInt32LE(size, base + 4);
      }
    place(local);
    at += size ?? 0;
    copied = next;
    entry += 46 + central.readUInt16LE(entry + 28);
  }
  central.writeUInt32LE(at, central.length - 6);
  place(central);
  return { size: at, read: (start, end) => window(parts, start, end) };
}

function window(parts: readonly { start: number; bytes: Buffer }[], start: number, end: number): Uint8Array {
  const bytes = Buffer.alloc(end - start);
  for (const part of parts) {
    const from = Math.max(start, part.start);
    const to = Math.min(end, part.start + part.bytes.length);
    if (from < to) part.bytes.copy(bytes, from - start, from - part.start, to - part.start);
  }
  return bytes;
}
