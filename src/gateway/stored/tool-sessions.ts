import { newToolSession } from '../../policy/tools/taint/session.ts';

/** Why: a worker has 150 MB for everything. Characters. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const MOST_OF_ONE = 512 * 1024;

/**
 * What the tool policy knows of conversations that a provider keeps, by the id of their last response. Bounded; the oldest go first, and
 * one that is not known counts as one in which anybody may have spoken.
 */
export class ToolSessions {
  readonly #sessions = new Map<string, string>();
  #characters = 0;

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
  of(id: string): unknown {
    const known = this.#sessions.get(id);
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
