import { createSession, type GuardSession } from '../../engine/guard/session.ts';

interface Remembered {
  readonly session: GuardSession;
  usedAt: number;
}

/** What the guard remembers of conversations that clients name by the header `x-cordon-session`. Bounded; the longest unused goes first. */
export class Sessions {
  readonly #sessions = new Map<string, Remembered>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The session with this name of this principal. Why not by name alone: nobody may touch the session of somebody else. */
  of(principal: string, name: string, { minutes, most }: { readonly minutes: number; readonly most: number }): GuardSession {
    const key = `${principal}\0${name}`;
    const now = this.#now();
    const known = this.#sessions.get(key);
    this.#sessions.delete(key);
    const isAlive = known !== undefined && now - known.usedAt < minutes * 60_000;
    const session = isAlive ? known.session : createSession();
    this.#sessions.set(key, { session, usedAt: now });
    while (this.#sessions.size > most) this.#sessions.delete(this.#sessions.keys().next().value!);
    return session;
  }
}
