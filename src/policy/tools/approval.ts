import { createHash, randomBytes } from 'node:crypto';
import { SESSION_LIMITS, type ToolSession } from './taint/session.ts';

/**
 * Gives a token for exactly one call: bound to tool, arguments and session, usable once, for a while. The session keeps its hash only,
 * so that a stored session lets nobody approve anything. `now` in milliseconds.
 */
export function grantApproval(session: ToolSession, digest: string, now: number, minutes: number): string {
  const token = `cta_${randomBytes(24).toString('base64url')}`;
  session.approvals = session.approvals.filter(({ expires }) => expires > now).slice(1 - SESSION_LIMITS.approvals);
  session.approvals.push({ token: hashOf(token), call: digest, expires: now + minutes * 60_000 });
  return token;
}

/** Whether a token approves this call now. */
export function isApproved(session: ToolSession, token: string, digest: string, now: number): boolean {
  const hash = hashOf(token);
  return (
    digest !== '' && session.approvals.some((approval) => approval.token === hash && approval.call === digest && approval.expires > now)
  );
}

/** Makes a token useless. */
export function spendApproval(session: ToolSession, token: string): void {
  const hash = hashOf(token);
  session.approvals = session.approvals.filter((approval) => approval.token !== hash);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
