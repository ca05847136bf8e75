/**
 * Random access to hostile bytes, read synchronously: parsers run in a worker thread, so that a blocking read stops nobody
 * else and no parser needs to be asynchronous.
 */
export interface ByteSource {
  /** Exact length in bytes. Asking a compressed source may inflate it to the end, charged to the budget. */
  readonly size: number;
  /**
   * The bytes from `offset` on, at most `length` of them; fewer only at the end. The view is valid until the next read of
   * the same source: copy what must last. A plain
   * Uint8Array, never a Buffer, whose `slice` would share memory.
   */
  read(offset: number, length: number): Uint8Array;
}
