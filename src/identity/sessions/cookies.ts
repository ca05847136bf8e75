/** Cookies of a server. Why two spellings: with the prefix, browsers take the cookie only over HTTPS and from this very host. */
export interface CookieNames {
  readonly session: string;
  readonly login: string;
  readonly isSecure: boolean;
}

/** The names for a server that is reached by HTTPS, or not. */
export function cookieNames(isSecure: boolean): CookieNames {
  const prefix = isSecure ? '__Host-' : '';
  return { session: `${prefix}cordon_session`, login: `${prefix}cordon_login`, isSecure };
}

/** Why: browsers send no more, and what is longer is somebody's attempt to keep us busy. */
const MAX_HEADER = 16_384;

/** The value of a cookie. Undefined when there is none, or several: whoever can plant a second one must not choose which counts. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > MAX_HEADER) return undefined;
  const values = header.split(';').flatMap((pair) => {
    const text = pair.trim();
    return text.startsWith(`${name}=`) ? [text.slice(name.length + 1)] : [];
  });
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

/** A `Set-Cookie` header that scripts cannot read. `seconds` 0 takes the cookie away. */
export function writeCookie(
  name: string,
  value: string,
  options: { readonly isSecure: boolean; readonly sameSite: 'Strict' | 'Lax'; readonly seconds: number },
): string {
  const { isSecure, sameSite, seconds } = options;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
}
