/** A token that a service gave, with its end in epoch milliseconds. */
export interface Token {
  readonly value: string;
  readonly until: number;
}

/** A token that is asked for again before it ends. */
export interface CachedToken {
  get(signal?: AbortSignal): Promise<string>;
  /** For a service that does not accept it any more. */
  forget(): void;
}

/** Why: a token that ends while a request is under way is refused; metadata services give new ones five minutes ahead. */
const AHEAD_MS = 4 * 60_000;

/** Keeps a token until shortly before its end; many who want it at once wait for one request. */
export function cachedToken(ask: (signal?: AbortSignal) => Promise<Token>, now: () => number): CachedToken {
  let token: Token | undefined;
  let asking: Promise<Token> | undefined;
  return {
    async get(signal) {
      if (token !== undefined && now() < token.until - AHEAD_MS) return token.value;
      try {
        token = await (asking ??= ask(signal).finally(() => (asking = undefined)));
      } catch (error) {
        // Why: it is good for some minutes yet.
        if (token === undefined || now() >= token.until) throw error;
      }
      return token.value;
    },
    forget() {
      token = undefined;
    },
  };
}
