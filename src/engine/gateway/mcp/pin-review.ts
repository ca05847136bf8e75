import type { PinPolicy } from '../../../core/tool-policy.ts';
import type { DescribedTool } from './described-tools.ts';

/** What is known of the descriptions of a tool. */
export interface Pin {
  readonly digest: string | null;
  readonly acceptedBy: string | null;
  readonly pendingDigest: string | null;
  readonly pendingAt: number | null;
}

export const FIRST_USE = 'first-use';

/** A description, and what the guard said of it. */
export interface Shown extends DescribedTool {
  /** Whether the guard refuses it. */
  readonly isRefused: boolean;
}

/** What follows for one description. */
export type PinVerdict =
  | { readonly kind: 'accepted'; /** Somebody has read it. */ readonly isRead: boolean }
  /** Accepted because nobody has seen another one. */
  | { readonly kind: 'first' }
  | { readonly kind: 'waits'; readonly why: string };

/**
 * Whether a description may be shown. What somebody approved is, whatever the guard says of it; what was merely seen first must still
 * please the guard.
 */
export function reviewPin(
  pin: Pin | undefined,
  shown: Shown,
  server: string,
  policy: PinPolicy | undefined,
  isFirstList: boolean,
): PinVerdict {
  const { digest, problem, isRefused, name } = shown;
  const key = `${server}/${name}`;
  const configured = policy !== undefined && Object.hasOwn(policy.tools, key) ? policy.tools[key] : undefined;
  if (digest === '') return { kind: 'waits', why: problem ?? 'cannot be read' };
  if (configured === digest) return { kind: 'accepted', isRead: true };
  if (pin !== undefined && pin.digest === digest && pin.acceptedBy !== FIRST_USE) return { kind: 'accepted', isRead: true };
  if (configured !== undefined) return { kind: 'waits', why: 'is not described as pinned' };
  if (problem !== undefined) return { kind: 'waits', why: problem };
  if (isRefused) return { kind: 'waits', why: 'is refused by the guard' };
  if (pin?.digest === digest && policy?.mode !== 'required') return { kind: 'accepted', isRead: false };
  if (pin !== undefined && pin.digest !== null) {
    return { kind: 'waits', why: pin.digest === digest ? 'is not pinned' : 'is described differently than before' };
  }
  if (policy?.mode === 'required') return { kind: 'waits', why: 'is not pinned' };
  if (pin !== undefined) return { kind: 'waits', why: 'has not been approved' };
  return isFirstList ? { kind: 'first' } : { kind: 'waits', why: 'is new' };
}
