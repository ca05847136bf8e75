import type { JWTPayload } from 'jose';
import type { OidcIssuer } from '../../core/access-config.ts';

type Claims = Readonly<Record<string, readonly string[]>>;

/**
 * Is this the token of a program and not of a person? Why it matters: two people must have looked where two are asked for, and a
 * program counts as none. First what the configuration says of the issuer, then what issuers are known to write.
 */
export function isService(
  claims: JWTPayload,
  { serviceClaims, personClaims }: Pick<OidcIssuer, 'serviceClaims' | 'personClaims'>,
): boolean {
  if (hasOneOf(claims, serviceClaims)) return true;
  if (personClaims !== undefined && !hasOneOf(claims, personClaims)) return true;
  return isOfClient(claims) || KNOWN.some(({ claim, value }) => textsOf(claims[claim]).some((text) => value.test(text)));
}

/** The grant by which a program gets a token for itself, as issuers that say so write it; service accounts by their names. */
const KNOWN: readonly { readonly claim: string; readonly value: RegExp }[] = [
  { claim: 'gty', value: /^client[-_]credentials$/ },
  { claim: 'grant_type', value: /^client[-_]credentials$/ },
  { claim: 'idtyp', value: /^app$/ },
  { claim: 'sub', value: /@clients$|^system:serviceaccount:/ },
  { claim: 'preferred_username', value: /^service-account-/ },
  { claim: 'email', value: /\.gserviceaccount\.com$/ },
];

/** A token of the client itself has the client as its subject (RFC 9068, section 5). */
function isOfClient(claims: JWTPayload): boolean {
  return ['client_id', 'azp', 'cid', 'appid'].some((name) => claims.sub !== undefined && claims[name] === claims.sub);
}

function hasOneOf(claims: JWTPayload, wanted: Claims): boolean {
  return Object.entries(wanted).some(([name, values]) => {
    const texts = Object.hasOwn(claims, name) ? textsOf(claims[name]) : [];
    return texts.some((text) => values.includes('*') || values.includes(text));
  });
}

/** A claim may be a list, such as `amr`; numbers and truth values are compared as they are written. */
function textsOf(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value.slice(0, 100) : [value];
  return all.flatMap((one) => (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : []));
}
