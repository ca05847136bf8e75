import { decodeJwt } from 'jose';
import { errorCode, errorMessage } from '../../core/errors.ts';
import type { Refusal } from '../authenticate.ts';
import type { Identity } from '../identity.ts';
import { loadPrincipal } from '../load-principal.ts';
import type { Principal } from '../permission.ts';
import type { OidcSubject } from './claims.ts';
import { principalOfSubject } from './subject.ts';

/** Who presents this JWT. */
export async function authenticateOidc(identity: Identity, token: string, now: number): Promise<Principal | Refusal> {
  // Why once: groups that were read by one configuration must not be given the roles of another.
  const { rules } = identity;
  const issuer = claimedIssuer(token);
  const verifier = issuer === undefined ? undefined : rules.issuers.get(issuer);
  if (verifier === undefined) return { reason: 'the JWT is of no configured issuer' };
  const about = verifier.config.issuer;
  let subject: OidcSubject;
  try {
    subject = await verifier.verify(token, now);
  } catch (error) {
    return { reason: errorCode(error) === 'network.refused' ? errorMessage(error) : `the JWT is not valid: ${errorMessage(error)}`, about };
  }
  const row = await principalOfSubject(identity, subject, now);
  if (row === undefined) return { reason: 'the issuer may not make principals, and there is none for this subject', about };
  if (row.disabled_at !== null) return { reason: 'the principal is disabled', about: row.id };
  const groups = rules.groupsOf(about, subject.groups ?? []);
  return await loadPrincipal(identity, rules, row, { kind: 'oidc', id: null, scopes: {}, expiresAt: subject.expiresAt }, groups);
}

/** The issuer that a token names, not verified: it only chooses whose keys the token is verified with. */
function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
