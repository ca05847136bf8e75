import type { Sending, Sink } from '../upstreams/upstreams.ts';
import type { KeptAnswer } from './response-cache.ts';

/** Why in pieces: a slow client must be able to say stop. Bytes. */
const PIECE = 64 * 1024;

/** Gives an answer once more, with the same bytes. */
export function replay({ status, headers, target, body }: KeptAnswer, sink: Sink): Sending {
  let at = 0;
  let isOver = false;
  let isPaused = false;

  function go(): void {
    while (!isOver && !isPaused && at < body.length) {
      const piece = body.subarray(at, at + PIECE);
      at += piece.length;
      isPaused = !sink.data(piece);
    }
    if (isOver || isPaused || at < body.length) return;
    isOver = true;
    sink.end();
  }

  // Why not at once: whoever sends does not have what is returned yet.
  queueMicrotask(() => {
    if (isOver) return;
    sink.head(status, { ...headers, 'x-cordon-cache': 'hit' }, target);
    go();
  });
  return {
    attempts: 0,
    resume() {
      if (!isPaused) return;
      isPaused = false;
      go();
    },
    abort: () => void (isOver = true),
  };
}
