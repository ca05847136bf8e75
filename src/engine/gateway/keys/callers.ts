import type { IncomingHttpHeaders } from 'node:http';
import type { PeerCertificate } from 'node:tls';
import type { Call, Caller } from '../call.ts';

/** The other end of a connection, as the server sees it. */
export interface Peer {
  /** Remote address of the socket. */
  readonly address: string;
  /** Only one that the TLS layer has verified. */
  readonly certificate?: PeerCertificate | undefined;
  /** As they came, to notice headers that were sent twice. */
  readonly rawHeaders?: readonly string[] | undefined;
}

/** Who calls the gateway, and what they may. */
export interface Callers {
  /** Undefined: nobody who is known. At once when the credential was verified a moment ago; throws when nobody can be asked. */
  identify(headers: IncomingHttpHeaders, peer: Peer): Caller | Promise<Caller | undefined> | undefined;
  /** May this be called: `invoke` on the route and, where there is one, on the model. */
  may(call: Call): boolean;
  mayUseTool(caller: Caller, tool: string): boolean;
  /** Profile of the guard that the key prescribes. */
  profileOf(caller: Caller): string | undefined;
  /** May redactions be reversed for this caller? */
  seesOriginals(caller: Caller): boolean;
}
