import type { Principal } from '../../identity/permission.ts';

/** What a ticket says besides whom it is for: what it is good for. */
export type TicketClaims = Readonly<Record<string, string | number | boolean | null>>;

/** How the protocols learn who asks. Given by the server. */
export interface Access {
  /** Who sends this `Authorization` header; undefined: nobody who is known. */
  authenticate(header: string | undefined): Promise<Principal | undefined>;
  /**
   * A short-lived, signed right to one thing, for requests that clients send without their credential (uploads and downloads by
   * URL). Safe in a URL.
   */
  ticket(principal: Principal, purpose: string, claims: TicketClaims, seconds: number): string;
  /** Reads a ticket back, with the principal as it is now. Undefined: forged, expired, for another purpose, or its owner may not act any more. */
  redeem(ticket: string, purpose: string): Promise<{ readonly principal: Principal; readonly claims: TicketClaims } | undefined>;
}
