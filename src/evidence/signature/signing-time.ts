import { CordonError } from '../../core/errors.ts';
import type { Bundle } from './bundle.ts';
import type { TrustPolicy } from './trust-policy.ts';
import type { SigningTime } from './verified.ts';

/**
 * Finds a time at which what signed was valid: trusted timestamps first (all of them must agree), else the clock of this machine,
 * else none, if the policy puts up with that. Throws `signature.untimed`.
 */
export async function signingTimes(
  bundle: Bundle,
  policy: TrustPolicy,
  isValidAt: (at: Date) => boolean,
  what: string,
): Promise<SigningTime> {
  const stamped = await timestamps(bundle, policy);
  const [first] = stamped;
  if (first !== undefined) {
    const outside = stamped.find((at) => !isValidAt(at));
    if (outside !== undefined)
      throw new CordonError('signature.untrusted', `${what} was not valid at ${outside.toISOString()}, when it signed`);
    return { basis: 'rfc3161', at: first.toISOString() };
  }
  if (isValidAt(policy.now ?? new Date())) return { basis: 'clock', at: null };
  if (policy.allowUntimed === true) return { basis: 'untimed', at: null };
  throw new CordonError('signature.untimed', `${what} is not valid now, and no trusted timestamp proves that it was when it signed`);
}

/** Without a trusted authority timestamps prove nothing and are not looked at; with one, every timestamp must hold. */
async function timestamps(bundle: Bundle, policy: TrustPolicy): Promise<readonly Date[]> {
  const isJudged = policy.sigstore !== undefined || (policy.timestampAuthorities ?? []).length > 0;
  if (bundle.timestamps.length === 0 || !isJudged) return [];
  const { verifyTimestamps } = await import('./verify-timestamps.ts');
  return verifyTimestamps(bundle, policy);
}

/** Whether a moment lies in a window; an open side has no end. */
export function isWithin(at: Date, from: Date | undefined, until: Date | undefined): boolean {
  return (from === undefined || at >= from) && (until === undefined || at <= until);
}
