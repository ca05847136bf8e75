/** Exit codes of the command line. Scripts rely on them. */
export const EXIT = {
  /** The gate allows. */
  allowed: 0,
  /** The gate denies. */
  denied: 1,
  /** The scan could not be completed and the policy does not allow that. */
  incomplete: 2,
  /** Usage or configuration error. */
  usage: 3,
} as const;
