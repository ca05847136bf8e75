/** What a client presents. */
export type Credential =
  /** A token of Cordon, or a JWT of an identity provider. */
  | { readonly kind: 'bearer'; readonly token: string }
  /** Cookie of the console. */
  | { readonly kind: 'session'; readonly secret: string };

/** Why: larger than any token that identity providers make, small enough to be hashed and parsed for nothing. */
export const MAX_CREDENTIAL = 16_384;

/**
 * Reads an `Authorization` header: `Bearer TOKEN`, or `Basic` with the token as password, whatever the user name is, which is
 * how MLflow and git send it. Undefined for anything else.
 */
export function credentialFromHeader(header: string | undefined): Credential | undefined {
  if (header === undefined || header.length > MAX_CREDENTIAL * 1.5) return undefined;
  const match = /^(bearer|basic) +([A-Za-z0-9._~+/=-]+) *$/i.exec(header);
  if (match === null) return undefined;
  const [, scheme, value] = match as unknown as [string, string, string];
  if (scheme.toLowerCase() === 'bearer') return value.length > MAX_CREDENTIAL ? undefined : { kind: 'bearer', token: value };
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const token = text.slice(colon + 1);
  return colon < 0 || token === '' || token.length > MAX_CREDENTIAL ? undefined : { kind: 'bearer', token };
}
