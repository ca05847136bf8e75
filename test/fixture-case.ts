/** One case of a scanner: files made in memory from readable text or opcodes, and what must be said of them. */
export interface FixtureCase {
  /** What the case shows; unique within its folder. */
  readonly name: string;
  /** Path -> content. Payloads are inert: `id`, `true`, an address in 192.0.2.0/24. Nothing of it is ever loaded. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  /** Exactly the rules that fire, over all scanners, sorted, each once. Empty for a clean case. */
  readonly rules: readonly string[];
  /** Default `complete`. */
  readonly completeness?: 'complete' | 'inconclusive' | 'not-scanned';
}
