import { CordonError } from '../../core/errors.ts';
import type { Promotion } from './promote.ts';

const CHARACTERS = 1_000;

/** A promotion that was refused, as an error with its reasons: for protocols in which only an error is read. */
export function refusalOf(promotion: Promotion): CordonError {
  const said = promotion.gate.reasons.filter(({ effect }) => effect === 'deny').map(({ message }) => message);
  const worst = promotion.findings
    .filter(({ suppressed, severity }) => suppressed === undefined && severity !== 'info' && severity !== 'low')
    .slice(0, 3)
    .map(({ rule, message, location }) => `${location.path}: ${message} (${rule})`);
  const what = `${promotion.repository} version ${promotion.version} is not promoted to ${promotion.stage}`;
  return new CordonError('registry.blocked', `Cordon: ${what}. ${[...said, ...worst].join('; ')}`.slice(0, CHARACTERS));
}
