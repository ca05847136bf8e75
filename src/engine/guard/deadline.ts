import { setMaxListeners } from 'node:events';
import { CordonError } from '../../core/errors.ts';

/** A signal that is given after a time, or when the caller gives up. End it when it is of no use any more. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #caller: AbortSignal | undefined;
  readonly #leave = (): void => this.#controller.abort(new CordonError('usage.invalid', 'was cancelled by the caller'));

  constructor(ms: number, caller: AbortSignal | undefined) {
    this.#caller = caller;
    // Why: every text of a call listens, and Node warns of more than ten.
    setMaxListeners(0, this.#controller.signal);
    this.#timer = setTimeout(() => this.#controller.abort(new CordonError('network.refused', `gave no answer within ${ms} ms`)), ms);
    if (caller?.aborted === true) this.#leave();
    caller?.addEventListener('abort', this.#leave, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The result of the work, unless the signal comes first. Why: work may not listen to its signal. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject);
    });
  }

  /** Stops what still runs. */
  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#leave);
    this.#controller.abort(new CordonError('usage.invalid', 'was no longer needed'));
  }
}
