/** The first thing that is wrong. */
export interface LedgerProblem {
  readonly kind: 'entry' | 'tile' | 'node' | 'checkpoint' | 'record';
  /** `entry 17`, `tile/0/003`, `checkpoint 512`, `record 3 of entry 17`. */
  readonly name: string;
  /** First entry that it concerns. */
  readonly position: number;
  readonly message: string;
}

/** Thrown inside a verification to end it; never leaves it. */
export class Wrong extends Error {
  readonly problem: LedgerProblem;

  constructor(problem: LedgerProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Ends the verification: an entry, or one of several that cannot be told apart, is wrong. */
export function wrongEntry(position: number, message: string, end: number = position + 1): Wrong {
  const name = end - position === 1 ? `entry ${position}` : `entries ${position} to ${end - 1}`;
  return new Wrong({ kind: 'entry', name, position, message });
}

/** Ends the verification: a record that the entry at `position` commits to is wrong. */
export function wrongRecord(position: number, number: number | undefined, message: string): Wrong {
  const name = number === undefined ? `records of entry ${position}` : `record ${number} of entry ${position}`;
  return new Wrong({ kind: 'record', name, position, message });
}

/** What was verified. */
export interface LedgerVerification {
  readonly ok: boolean;
  /** Entries that were read and are right. */
  readonly entries: number;
  readonly checkpoints: number;
  /** Records that entries commit to, and that are still there and right. */
  readonly records: number;
  /** Entries that the newest checkpoint signs. */
  readonly signed: number;
  /** How many checkpoints each witness signed. */
  readonly witnesses: Readonly<Record<string, number>>;
  /** Signatures by keys that were not given. */
  readonly unknownSignatures: number;
  readonly problem: LedgerProblem | null;
}

/** What a verification trusts. */
export interface LedgerTrust {
  /** Verifier keys of the log: the current one and former ones. */
  readonly keys: readonly string[];
  /** Verifier keys of witnesses. When given, a signature by anybody else is a problem; when not, it is counted. */
  readonly witnesses?: readonly string[];
  /** A checkpoint that the verifier kept: the log must go at least that far and agree with it. */
  readonly known?: string;
}
