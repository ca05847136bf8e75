import { performance } from 'node:perf_hooks';
import { printable } from '../core/printable.ts';
import type { ScanProgress } from '../engine/inspect-paths.ts';
import { bytesText, countText, grouped } from '../reporters/text/amounts.ts';
import { fit } from '../reporters/text/width.ts';
import type { Io } from './io.ts';

/** Why: faster than anybody reads, and writing to a slow terminal must not slow the scan. */
const INTERVAL_MS = 100;
/** Scans that are over before this never show anything. */
const DELAY_MS = 300;
const ERASE = '\r\x1b[2K';

/** One line of progress, never wider than the terminal: `scanning 12 of 345 files, 850 MB of 1.2 GB  models/model.pt`. */
export function progressLine({ done, files, bytesDone, bytes, path }: ScanProgress, width: number): string {
  const head = `scanning ${grouped(done)} of ${countText(files, 'file')}, ${bytesText(bytesDone)} of ${bytesText(bytes)}`;
  const room = width - head.length - 2;
  return fit(room < 10 ? head : `${head}  ${fit(printable(path), room, 'middle')}`, width);
}

/** A progress display. */
export interface Progress {
  update(progress: ScanProgress): void;
  close(): void;
}

/**
 * Progress on a terminal: on standard error, throttled, erased at the end. Does nothing where standard error is no terminal, so
 * that logs stay clean.
 */
export function openProgress(stderr: Io['stderr'], now: () => number = () => performance.now()): Progress {
  const live = stderr.isTTY === true;
  let next = now() + DELAY_MS;
  let drawn = false;
  return {
    update(progress: ScanProgress): void {
      if (!live || now() < next) return;
      next = now() + INTERVAL_MS;
      drawn = true;
      // Why one column less: a full line makes some terminals wrap, and a wrapped line cannot be erased.
      stderr.write(`${ERASE}${progressLine(progress, (stderr.columns ?? 80) - 1)}`);
    },
    close(): void {
      if (drawn) stderr.write(ERASE);
      drawn = false;
    },
  };
}
