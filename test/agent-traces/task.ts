/** A call as an agent writes it: tool and arguments. */
export type Call = readonly [tool: string, given: Readonly<Record<string, unknown>>];

/** One thing a user wants, with the calls of an agent that does it well. */
export interface Task {
  readonly id: string;
  readonly user: string;
  /** Each call with its result; what a result says may have been written by anybody, except of trusted tools. */
  readonly steps: readonly { readonly call: Call; readonly result: string }[];
  /** What the user named, for attackers that know the policy. */
  readonly named: {
    readonly mail?: string;
    readonly site?: string;
    readonly iban?: string;
    readonly amount?: number;
    readonly folder?: string;
    readonly hotel?: string;
  };
}

/** A task in one line. */
export function task(id: string, user: string, named: Task['named'], ...steps: readonly (readonly [...Call, string])[]): Task {
  return { id, user, named, steps: steps.map(([tool, given, result]) => ({ call: [tool, given], result })) };
}
