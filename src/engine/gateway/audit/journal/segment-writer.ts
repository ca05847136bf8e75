import { closeSync, fdatasync, openSync, writeSync } from 'node:fs';

/** An open segment. */
export class SegmentWriter {
  readonly path: string;
  readonly number: number;
  readonly #file: number;
  #bytes = 0;
  #pins = 0;
  #isEnded = false;

  constructor(path: string, number: number) {
    this.path = path;
    this.number = number;
    // Why x: another run's bytes are never written over.
    this.#file = openSync(path, 'wx', 0o600);
  }

  /** Bytes that are in the file and belong to whole frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Writes frames into the page cache of the system, where the end of this process does not reach them. Why synchronous: it takes
   * microseconds, a thread of the pool takes fifty times as long (docs/gateway-audit.md).
   */
  write(frames: readonly Buffer[]): void {
    const whole = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
    for (let at = 0; at < whole.length;) at += writeSync(this.#file, whole, at, whole.length - at, this.#bytes + at);
    this.#bytes += whole.length;
  }

  /** Makes what was written survive a power cut. */
  sync(): Promise<void> {
    this.#pins++;
    return new Promise((resolve, reject) => {
      fdatasync(this.#file, (error) => {
        this.#pins--;
        this.#closeIfDone();
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** Closes the file once nothing waits for it. */
  end(): void {
    this.#isEnded = true;
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (this.#isEnded && this.#pins === 0) closeSync(this.#file);
  }
}
