/** One holder at a time, first come first served. */
export class WriteLock {
  #last: Promise<void> = Promise.resolve();

  /** Waits for its turn; the answer gives the lock back. */
  async acquire(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = deferred();
    this.#last = before.then(() => promise);
    await before;
    return resolve;
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
