import { createHmac, timingSafeEqual } from 'node:crypto';
import { authenticate } from '../identity/authenticate.ts';
import { credentialFromHeader } from '../identity/credential.ts';
import type { Identity } from '../identity/identity.ts';
import { resumePrincipal } from '../identity/resume.ts';
import type { Access, TicketClaims } from '../registry/http/access.ts';

interface Sealed {
  readonly purpose: string;
  readonly principal: string;
  readonly token: string | null;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly claims: TicketClaims;
}

const TICKET_CHARACTERS = 4_096;

/** Access by credentials and by tickets that `key` (32 bytes or more) signs. */
export function accessOf(identity: Identity, key: Uint8Array): Access {
  const sign = (text: string): Buffer => createHmac('sha256', key).update('cordon ticket v1\0').update(text).digest();
  return {
    async authenticate(header) {
      const credential = credentialFromHeader(header);
      return credential === undefined ? undefined : authenticate(identity, credential);
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
