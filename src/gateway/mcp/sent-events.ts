import { hash } from 'node:crypto';

/** Why: a client goes on from the last event of a stream, and has few streams. The oldest go first. */
const MOST_EVENTS = 500;
/** Bytes of a digest: enough that nobody hits one by trying, few enough to be kept as a number. */
const DIGEST_BYTES = 6;

/**
 * The events that a client got, by their ids. Why: a server knows one credential, and goes on with whichever stream an event belongs to,
 * also with somebody else's.
 */
export class SentEvents {
  readonly #digests = new Set<number>();

  add(id: string): void {
    if (id === '') return;
    this.#digests.add(digestOf(id));
    if (this.#digests.size > MOST_EVENTS) this.#digests.delete(this.#digests.values().next().value!);
  }

  has(id: string): boolean {
    return this.#digests.has(digestOf(id));
  }
}

function digestOf(id: string): number {
  return Buffer.from(hash('sha256', id), 'hex').readUIntBE(0, DIGEST_BYTES);
}
