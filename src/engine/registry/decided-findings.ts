import type { Severity } from '../../core/severity.ts';
import type { Admission } from './admit.ts';
import type { RegistryContext } from './context.ts';

/** A finding as it is kept with a decision. */
export interface DecidedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  /** A waiver covered it. */
  readonly suppressed: boolean;
}

/** The findings that the decision of an admission was made on, worst first; the first hundred of them. */
export async function decidedFindings(context: RegistryContext, admission: Admission | undefined): Promise<DecidedFinding[]> {
  if (admission?.decision_id === null || admission === undefined) return [];
  const row = await context.store.db.selectFrom('decision').select('body').where('id', '=', admission.decision_id).executeTakeFirst();
  const { findings = [] } = JSON.parse(row?.body ?? '{}') as { readonly findings?: readonly DecidedFinding[] };
  return findings.map(({ rule, severity, message, path, suppressed }) => ({ rule, severity, message, path, suppressed }));
}
