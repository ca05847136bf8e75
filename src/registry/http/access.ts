import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../identity/permission.ts';

/** What a ticket says besides whom it is for: what it is good for. */
export type TicketClaims = Readonly<Record<string, string | number | boolean | null>>;

/** How the protocols learn who asks. Given by the server. */
export interface Access {
  /**
   * Who sends this `Authorization` header, or has a certificate; undefined: nobody who is known. Without the request, keys that
   * are bound to addresses are refused.
   */
  authenticate(header: string | undefined, request?: IncomingMessage): Promise<Principal | undefined>;
  /**
   * A short-lived, signed right to one thing, for requests that clients send without their credential (uploads and downloads by
   * URL). Safe in a URL.
   */
  ticket(principal: Principal, purpose: string, claims: TicketClaims, seconds: number): string;
  /** Reads a ticket back, with the principal as it is now. Undefined: forged, expired, for another purpose, or its owner may not act any more. */
  redeem(ticket: string, purpose: string): Promise<{ readonly principal: Principal; readonly claims: TicketClaims } | undefined>;
}

/** Access to the API, which pages of the console use too. */
export interface ApiAccess extends Access {
  /**
   * {@link Access.authenticate} for the API, which pages of the console ask with the cookie of their session. Throws `access.denied` for
   * a change that does not come from one of our own pages.
   */
  authenticatePage(header: string | undefined, request?: IncomingMessage): Promise<Principal | undefined>;
}
