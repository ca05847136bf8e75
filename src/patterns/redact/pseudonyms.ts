import { randomBytes } from 'node:crypto';

/** Values remembered per conversation. Why: a conversation must not grow without end; beyond it values are masked and not restored. */
const MAX_VALUES = 10_000;

/** What a value is replaced by when the map is full. */
export const REDACTED = '[REDACTED]';

/**
 * The pseudonyms of one conversation: the same value of the same kind always gets the same name, `<EMAIL_1>`, and only this object knows
 * which. It shows and serialises as a count, never as values.
 */
export class PseudonymMap {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Names that stood in texts before this map gave them out. */
  readonly #taken = new Set<string>();

  /** Notes names that a text already contains, so that none of them is given to a value: call it before the text is redacted. */
  reserve(text: string): void {
    for (const [name] of text.matchAll(/<[A-Z][A-Z0-9_]{0,40}_\d{1,6}>/g)) {
      if (!this.#values.has(name) && this.#taken.size < MAX_VALUES) this.#taken.add(name);
    }
  }

  /** The name of a value, a new one if it has none. `make` writes one of a certain format. */
  nameOf(entity: string, value: string, make?: (attempt: number) => string): string {
    const key = `${entity}\0${value}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    if (this.#names.size >= MAX_VALUES) return REDACTED;
    const name = make === undefined ? this.#next(entity) : this.#made(entity, value, make);
    this.#names.set(key, name);
    this.#values.set(name, value);
    return name;
  }

  /** The value that a name stands for. */
  valueOf(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** The names given out so far. */
  names(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** How many values it holds. */
  get size(): number {
    return this.#names.size;
  }

  #next(entity: string): string {
    for (;;) {
      const count = (this.#counts.get(entity) ?? 0) + 1;
      this.#counts.set(entity, count);
      const name = `<${entity}_${count}>`;
      if (!this.#taken.has(name) && !this.#values.has(name)) return name;
    }
  }

  #made(entity: string, value: string, make: (attempt: number) => string): string {
    for (let attempt = 0; attempt < 16; attempt++) {
      const name = make(attempt);
      if (name !== value && !this.#values.has(name) && !this.#taken.has(name)) return name;
    }
    return this.#next(entity);
  }

  /** Why: whoever logs or stores a conversation must not store what was taken out of it. */
  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return `PseudonymMap(${this.#names.size})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A fresh random key for format-preserving pseudonyms of one conversation. */
export function conversationKey(): Uint8Array {
  return randomBytes(32);
}
