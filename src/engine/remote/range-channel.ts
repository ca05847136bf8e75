import { MessageChannel } from 'node:worker_threads';
import { errorMessage } from '../../core/errors.ts';
import type { RemoteChannel } from '../jobs.ts';

/** Bytes a worker can get with one request. */
const WINDOW_BYTES = 1024 * 1024;
const LONGEST_REASON = 2048;

/**
 * Answers a worker's range requests through shared memory. Why not messages: parsers read synchronously, so the worker
 * sleeps on the shared state until the main thread has written the bytes.
 */
export function serveRanges(fetchRange: (offset: number, length: number) => Promise<Uint8Array>): RemoteChannel {
  const state = new SharedArrayBuffer(8);
  const data = new SharedArrayBuffer(WINDOW_BYTES);
  const flags = new Int32Array(state);
  const window = new Uint8Array(data);
  const { port1, port2 } = new MessageChannel();
  const answer = (bytes: Uint8Array, count: number): void => {
    window.set(bytes);
    Atomics.store(flags, 1, count);
    Atomics.store(flags, 0, 1);
    Atomics.notify(flags, 0);
  };
  port1.on('message', ({ offset, length }: { offset: number; length: number }) => {
    fetchRange(offset, Math.min(length, WINDOW_BYTES)).then(
      (bytes) => answer(bytes, bytes.length),
      (error: unknown) => {
        const reason = Buffer.from(errorMessage(error)).subarray(0, LONGEST_REASON);
        answer(reason, -1 - reason.length);
      },
    );
  });
  return { port: port2, state, data };
}
