import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CordonError } from '../core/errors.ts';
import { authenticate } from '../identity/authenticate.ts';
import { authenticateName } from '../identity/certificates/authenticate-name.ts';
import { peerOf } from '../identity/certificates/vouched-name.ts';
import { credentialFromHeader } from '../identity/credential.ts';
import type { Identity } from '../identity/identity.ts';
import type { Principal } from '../identity/permission.ts';
import { resumePrincipal } from '../identity/resume.ts';
import { type CookieNames, readCookie } from '../identity/sessions/cookies.ts';
import { verifyCsrfToken } from '../identity/sessions/session.ts';
import type { ApiAccess, TicketClaims } from '../registry/http/access.ts';

interface Sealed {
  readonly purpose: string;
  readonly principal: string;
  readonly token: string | null;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly claims: TicketClaims;
}

const TICKET_CHARACTERS = 4_096;

/** Requests that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What {@link accessOf} needs besides the identity. */
export interface AccessOptions {
  /** Signs tickets; 32 bytes or more. */
  readonly key: Uint8Array;
  readonly cookies: CookieNames;
}

/** Access by credentials, certificates, sessions, and by tickets that the key signs. */
export function accessOf(identity: Identity, { key, cookies }: AccessOptions): ApiAccess {
  const sign = (text: string): Buffer => createHmac('sha256', key).update('cordon ticket v1\0').update(text).digest();
  async function byHeader(header: string | undefined, request?: IncomingMessage): Promise<Principal | undefined> {
    const { vouching } = identity.rules;
    const peer = request === undefined ? undefined : peerOf(request);
    const ip = request === undefined || peer === undefined ? undefined : vouching.ipOf(request.headers, peer);
    if (header !== undefined) {
      const credential = credentialFromHeader(header);
      return credential === undefined ? undefined : authenticate(identity, credential, identity.now(), ip);
    }
    const vouched = request === undefined || peer === undefined || ip === undefined ? undefined : vouching.nameOf(request.headers, peer);
    return vouched === undefined ? undefined : authenticateName(identity, vouched.name, vouched.credential);
  }
  return {
    authenticate: byHeader,
    async authenticatePage(header, request) {
      const secret = header === undefined ? readCookie(request?.headers.cookie, cookies.session) : undefined;
      if (secret === undefined || request === undefined) return byHeader(header, request);
      const principal = await authenticate(identity, { kind: 'session', secret });
      if (principal === undefined || SAFE.has(request.method ?? '')) return principal;
      const token = request.headers['x-csrf-token'];
      if (!verifyCsrfToken(secret, typeof token === 'string' ? token : undefined))
        throw new CordonError('access.denied', 'a change by a session needs its token in the header X-CSRF-Token');
      return principal;
    },
    ticket(principal, purpose, claims, seconds) {
      const { credential } = principal;
      const sealed: Sealed = {
        purpose,
        principal: principal.id,
        token: credential.kind === 'token' ? credential.id : null,
        until: identity.now() + seconds * 1_000,
        claims,
      };
      const text = Buffer.from(JSON.stringify(sealed)).toString('base64url');
      return `${text}.${sign(text).toString('base64url')}`;
    },
    async redeem(ticket, purpose) {
      const [text = '', signature = '', ...rest] = ticket.length > TICKET_CHARACTERS ? [] : ticket.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(text);
      if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const sealed = JSON.parse(Buffer.from(text, 'base64url').toString()) as Sealed;
      if (sealed.purpose !== purpose || sealed.until <= identity.now()) return undefined;
      const principal = await resumePrincipal(identity, sealed);
      return principal === undefined ? undefined : { principal, claims: sealed.claims };
    },
  };
}
