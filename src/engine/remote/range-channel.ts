import { MessageChannel } from 'node:worker_threads';
import type { RemoteChannel } from '../jobs.ts';
import type { RangeAnswer } from './http-ranges.ts';

/** Bytes a worker can get with one request. */
const WINDOW_BYTES = 1024 * 1024;

/**
 * Answers a worker's range requests through shared memory. Why not messages: parsers read synchronously, so the worker
 * sleeps on the shared state until the main thread has written the bytes.
 */
export function serveRanges(fetchRange: (offset: number, length: number) => Promise<RangeAnswer>): RemoteChannel {
  const state = new SharedArrayBuffer(8);
  const data = new SharedArrayBuffer(WINDOW_BYTES);
  const flags = new Int32Array(state);
  const { port1, port2 } = new MessageChannel();
  const answer = (count: number): void => {
    Atomics.store(flags, 1, count);
    Atomics.store(flags, 0, 1);
    Atomics.notify(flags, 0);
  };
  port1.on('message', ({ offset, length }: { offset: number; length: number }) => {
    fetchRange(offset, length).then(
      ({ bytes }) => {
        new Uint8Array(data).set(bytes.subarray(0, WINDOW_BYTES));
        answer(Math.min(bytes.length, WINDOW_BYTES));
      },
      () => answer(-1),
    );
  });
  return { port: port2, state, data };
}
