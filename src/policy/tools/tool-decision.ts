/** What is done with a call: it may run, must not run, or waits for somebody to approve it. */
export type ToolEffect = 'allow' | 'deny' | 'hold';

/** Why a call was decided so. */
export interface ToolReason {
  /** The check that spoke: `argument`, `egress`, `path`, `sql`, `shell`, `taint`, `tool` … */
  readonly id: string;
  readonly message: string;
  /** The argument it is about. */
  readonly path?: string;
}

/** An argument whose value is known from untrusted content only. */
export interface TaintedValue {
  readonly path: string;
  readonly source: string;
}

/** The answer to one call: the same policy, session and call give the same answer. */
export interface ToolDecision {
  readonly effect: ToolEffect;
  /** Id of the rule that matched; `default` where none did. */
  readonly rule: string;
  readonly reasons: readonly ToolReason[];
  readonly tainted: readonly TaintedValue[];
  /** Digest of tool and arguments, which an approval is bound to. */
  readonly digest: string;
  /** The intent rule that covered a guarded call. */
  readonly intent?: string;
}
