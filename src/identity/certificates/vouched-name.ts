import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { AccessConfig } from '../../core/access-config.ts';
import { clientIp } from '../addresses/client-ip.ts';
import { ipSet } from '../addresses/ip-set.ts';
import type { CredentialInfo } from '../permission.ts';
import { principalOfCertificate } from './authenticate-name.ts';
import { certificateNames } from './certificate-names.ts';

/** The other end of a connection, as the server sees it. */
export interface Peer {
  /** Remote address of the socket. */
  readonly address: string | undefined;
  /** Only one that the TLS layer has verified. */
  readonly certificate?: PeerCertificate | undefined;
  /** As they came, to notice headers that were sent twice. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** Whether it is TLS that this server ends. */
  readonly isEncrypted?: boolean | undefined;
}

/** What of the configuration says who is believed. */
export interface VouchingConfig {
  readonly server: { readonly trustedProxies: readonly string[] };
  readonly access: Pick<AccessConfig, 'certificates' | 'proxyHeader'>;
}

/** Somebody whom TLS or a proxy vouches for. */
export interface Vouched {
  /** Name of a principal, if there is one of that name. */
  readonly name: string;
  readonly credential: Pick<CredentialInfo, 'kind' | 'id' | 'expiresAt'>;
}

/** Who is believed about the other end of a connection: made once for a configuration. */
export interface Vouching {
  /** Canonical address of the client; undefined when it cannot be told. */
  ipOf(headers: IncomingHttpHeaders, peer: Peer): string | undefined;
  /** Who it is by certificate, or by the word of a trusted proxy; asked only for requests without a credential of their own. */
  nameOf(headers: IncomingHttpHeaders, peer: Peer): Vouched | undefined;
}

/** Makes the configuration ready. */
export function vouchingOf({ server, access }: VouchingConfig): Vouching {
  const isTrusted = ipSet(server.trustedProxies);
  const { certificates, proxyHeader } = access;

  function byCertificate({ certificate }: Peer): Vouched | undefined {
    if (certificate?.fingerprint256 === undefined || certificates.length === 0) return undefined;
    const name = principalOfCertificate(certificates, certificateNames(certificate));
    const expiresAt = Date.parse(certificate.valid_to);
    // Why not NaN: nothing is later than that, so it would never expire.
    if (name === undefined || Number.isNaN(expiresAt)) return undefined;
    return { name, credential: { kind: 'certificate', id: certificate.fingerprint256, expiresAt } };
  }

  function byProxy(headers: IncomingHttpHeaders, { address }: Peer): Vouched | undefined {
    if (proxyHeader === undefined) return undefined;
    const sender = clientIp(address, undefined, isTrusted);
    const name = headers[proxyHeader];
    if (sender === undefined || !isTrusted(sender) || typeof name !== 'string' || name.length > 200) return undefined;
    return { name, credential: { kind: 'proxy', id: null, expiresAt: null } };
  }

  return {
    ipOf(headers, { address }) {
      const forwarded = headers['x-forwarded-for'];
      return clientIp(address, Array.isArray(forwarded) ? forwarded.join(',') : forwarded, isTrusted);
    },
    nameOf: (headers, peer) => byCertificate(peer) ?? byProxy(headers, peer),
  };
}

/** What another process of this server said of requests that it passed on. */
const told = new WeakMap<IncomingMessage, Peer>();

/** Notes who is at the other end of a request that another process of this server passed on, as that process saw it. */
export function tellPeer(request: IncomingMessage, peer: Peer): void {
  told.set(request, peer);
}

/** Whether a request was passed on by another process of this server. */
export function isPassedOn(request: IncomingMessage): boolean {
  return told.has(request);
}

/** The other end of the connection of a request. */
export function peerOf(request: IncomingMessage): Peer {
  const known = told.get(request);
  if (known !== undefined) return known;
  const socket = request.socket as Partial<TLSSocket>;
  return {
    address: socket.remoteAddress,
    // Why asked first: Node hands out certificates that nobody vouches for as well.
    certificate: socket.authorized === true ? socket.getPeerCertificate?.() : undefined,
    rawHeaders: request.rawHeaders,
    isEncrypted: socket.encrypted === true,
  };
}
