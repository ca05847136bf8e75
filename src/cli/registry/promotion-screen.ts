import pc from 'picocolors';
import { printable } from '../../core/printable.ts';

/** A promotion as the API tells it. */
export interface PromotionAnswer {
  readonly isPromoted: boolean;
  readonly repository: string;
  readonly version: number;
  readonly stage: string;
  readonly decision: string;
  readonly gate: {
    readonly name: string;
    readonly effect: string;
    readonly policy: string;
    readonly reasons: readonly { readonly id: string; readonly effect: string; readonly message: string }[];
  };
  readonly requirements: readonly { readonly id: string; readonly title: string; readonly isMet: boolean; readonly detail: string }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
    readonly location: { readonly path: string };
    readonly suppressed?: unknown;
  }[];
}

/** Why: one screen; the rest is in the decision. */
const FINDINGS_SHOWN = 8;

/** Why a version was promoted or not, on one screen. */
export function promotionScreen(answer: PromotionAnswer, dryRun: boolean): string {
  const { repository, version, stage, gate, requirements, findings } = answer;
  const title = `${printable(repository)}@${version} to ${stage}`;
  const allowed = gate.effect !== 'deny';
  const head = allowed
    ? pc.green(dryRun ? `${title}: would be promoted` : `${title}: promoted`)
    : pc.red(dryRun ? `${title}: would be refused` : `${title}: refused`);
  const lines = [pc.bold(head), ''];
  const own = gate.reasons.filter(({ id }) => !id.startsWith('requires-'));
  lines.push(`  ${mark(!own.some(({ effect }) => effect === 'deny'))} gate ${gate.name}`);
  for (const { effect, id, message } of own) lines.push(`      ${effect}: ${printable(message)} (${id})`);
  for (const { title: name, isMet, detail } of requirements) lines.push(`  ${mark(isMet)} ${name}: ${printable(detail)}`);
  const open = findings.filter(({ suppressed, severity }) => suppressed === undefined && severity !== 'info' && severity !== 'low');
  if (open.length > 0) lines.push('', '  findings');
  for (const { severity, location, message, rule } of open.slice(0, FINDINGS_SHOWN)) {
    lines.push(`      ${severity} ${printable(location.path)}: ${printable(message)} (${rule})`);
  }
  if (open.length > FINDINGS_SHOWN) lines.push(`      and ${open.length - FINDINGS_SHOWN} more`);
  lines.push('', `  policy ${gate.policy.slice(0, 16)}${answer.decision === '' ? '' : `, decision ${answer.decision}`}`, '');
  return lines.join('\n');
}

function mark(isMet: boolean): string {
  return isMet ? pc.green('yes') : pc.red(' no');
}
