import type { IncomingHttpHeaders } from 'node:http';
import { credentialFromHeader, MAX_CREDENTIAL } from '../../../identity/credential.ts';

/** Headers that carry a credential: everybody's, Anthropic's, Azure's. */
const HEADERS = ['authorization', 'x-api-key', 'api-key'] as const;
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/;

/**
 * The one credential of a request. `none`: there is none. `odd`: it cannot be told which one is meant, or one of them is not well
 * formed. Why that is refused and not the first one taken: a proxy before us may have looked at another one.
 */
export function presentedToken(headers: IncomingHttpHeaders, rawHeaders?: readonly string[]): { readonly token: string } | 'none' | 'odd' {
  if (rawHeaders !== undefined && sentTwice(rawHeaders)) return 'odd';
  let token: string | undefined;
  for (const name of HEADERS) {
    const value = headers[name];
    if (value === undefined) continue;
    const found = typeof value === 'string' ? tokenOf(name, value) : undefined;
    if (found === undefined || (token !== undefined && found !== token)) return 'odd';
    token = found;
  }
  return token === undefined ? 'none' : { token };
}

function tokenOf(name: (typeof HEADERS)[number], value: string): string | undefined {
  if (name !== 'authorization') return value.length <= MAX_CREDENTIAL && TOKEN.test(value) ? value : undefined;
  const credential = credentialFromHeader(value);
  return credential?.kind === 'bearer' ? credential.token : undefined;
}

/** Node keeps the first of several such headers and drops the others without a word. */
function sentTwice(rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length !== 13 && name.length !== 9 && name.length !== 7) continue;
    const bit = 1 << (HEADERS.indexOf(name.toLowerCase() as (typeof HEADERS)[number]) + 1);
    if (bit === 1) continue;
    if ((seen & bit) !== 0) return true;
    seen |= bit;
  }
  return false;
}
