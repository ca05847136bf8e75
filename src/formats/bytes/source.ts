import type { ByteSource } from '../../core/source.ts';

/** A source over bytes already in memory. */
export function bufferSource(content: Uint8Array): ByteSource {
  // A plain view even of a Buffer: parsers rely on `slice` copying, which a Buffer's does not.
  const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)),
  };
}

/** The part of a source from `start`, at most `length` bytes long. Never copies. */
export function sliceSource(source: ByteSource, start: number, length: number): ByteSource {
  let size: number | undefined;
  return {
    get size() {
      size ??= Math.max(0, Math.min(length, source.size - start));
      return size;
    },
    read(offset, wanted) {
      const available = Math.max(0, length - offset);
      return source.read(start + offset, Math.min(wanted, available));
    },
  };
}
