/** What a credential adds to a request: names and values of headers, one after the other. */
export type HeaderList = readonly string[];

/** What proves to an upstream who asks. */
export interface Credential {
  /** The headers, where they are at hand; undefined: ask {@link renew}. Why two ways: a request must not wait for a promise every time. */
  current(): HeaderList | undefined;
  /** Gets the headers. Throws `secret.*` and `upstream.failed`. */
  renew(): Promise<HeaderList>;
  /** Values that must not leave, in any answer. */
  secretValues(): readonly string[];
  close(): void;
}

/** For servers that ask for nothing. */
export const NO_CREDENTIAL: Credential = { current: () => [], renew: async () => [], secretValues: () => [], close: () => {} };
