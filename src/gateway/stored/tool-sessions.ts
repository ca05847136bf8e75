import { newToolSession } from '../../policy/tools/taint/session.ts';

/** Why: a worker has 150 MB for everything. Characters. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_OF_ONE = 512 * 1024;

/**
 * What the tool policy knows of conversations that a provider keeps, by the id of their last response. Bounded; the oldest go first, and
 * one that is not known counts as one in which anybody may have spoken.
 */
export class ToolSessions {
  /** Asks the other processes of the server for a session, as JSON. */
  readonly #others: (id: string) => Promise<string | undefined>;
  readonly #sessions = new Map<string, string>();
  #characters = 0;

  constructor(others: (id: string) => Promise<string | undefined> = async () => undefined) {
    this.#others = others;
  }

  /** What this process knows, as JSON. */
  known(id: string): string | undefined {
    return this.#sessions.get(id);
  }

  /** Remembers a session. */
  set(id: string, session: unknown): void {
    const text = JSON.stringify(session);
    this.#drop(id);
    if (text.length > MOST_OF_ONE) return;
    this.#sessions.set(id, text);
    this.#characters += text.length;
    while (this.#characters > MOST_CHARACTERS) this.#drop(this.#sessions.keys().next().value!);
  }

  /** The session, or one that is as careful as can be. */
  async of(id: string): Promise<unknown> {
    const known = this.#sessions.get(id) ?? (id === '' ? undefined : await this.#others(id));
    if (known !== undefined) return JSON.parse(known) as unknown;
    return { ...newToolSession(), forgot: true, sources: ['an earlier response that is not remembered'] };
  }

  #drop(id: string): void {
    const known = this.#sessions.get(id);
    if (known === undefined) return;
    this.#characters -= known.length;
    this.#sessions.delete(id);
  }
}
