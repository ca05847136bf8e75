import type { JWTPayload } from 'jose';
import type { OidcIssuer } from '../../core/access-config.ts';
import { isService } from './is-service.ts';

/** What a verified token says of its subject. */
export interface OidcSubject {
  readonly issuer: string;
  readonly subject: string;
  readonly kind: 'user' | 'service';
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** Undefined when the token does not speak of groups at all. */
  readonly groups: readonly string[] | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Why: each group is looked up on every request. */
const MAX_GROUPS = 500;
const MAX_GROUP_LENGTH = 200;

/** Reads what Cordon uses from verified claims. */
export function subjectOf(claims: JWTPayload, issuer: OidcIssuer): OidcSubject {
  const subject = claims.sub ?? '';
  return {
    issuer: issuer.issuer,
    subject,
    kind: isService(claims, issuer) ? 'service' : 'user',
    name: text(claims[issuer.nameClaim]),
    email: claims['email_verified'] === false ? undefined : text(claims['email']),
    groups: groupsOf(claims, issuer),
    expiresAt: (claims.exp ?? 0) * 1000,
  };
}

function groupsOf(claims: JWTPayload, { groupsClaim, groupPrefix }: OidcIssuer): readonly string[] | undefined {
  // Names of claims may be URLs with dots in them, so the whole name comes first.
  let value: unknown = Object.hasOwn(claims, groupsClaim) ? claims[groupsClaim] : descend(claims, groupsClaim.split('.'));
  if (typeof value === 'string') value = [value];
  if (!Array.isArray(value)) return undefined;
  const groups = value.filter((group): group is string => typeof group === 'string' && group !== '' && group.length <= MAX_GROUP_LENGTH);
  return [...new Set(groups.map((group) => groupPrefix + group))].sort().slice(0, MAX_GROUPS);
}

function descend(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 320) : undefined;
}
