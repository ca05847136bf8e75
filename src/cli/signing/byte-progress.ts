import { bytesText } from '../../reporters/text/amounts.ts';
import type { Io } from '../io.ts';

const INTERVAL_MS = 100;
const ERASE = '\r\x1b[2K';

/** One line of progress on a terminal, erased at the end. */
export function byteProgress(verb: string, { stderr }: Io): { update(done: number, total: number): void; close(): void } {
  let next = Date.now() + INTERVAL_MS;
  let drawn = false;
  return {
    update(done: number, total: number): void {
      if (stderr.isTTY !== true || Date.now() < next) return;
      next = Date.now() + INTERVAL_MS;
      drawn = true;
      stderr.write(`${ERASE}${verb} ${bytesText(done)} of ${bytesText(total)}`);
    },
    close(): void {
      if (drawn) stderr.write(ERASE);
      drawn = false;
    },
  };
}
