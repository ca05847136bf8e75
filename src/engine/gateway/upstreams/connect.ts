import { isIP } from 'node:net';
import { buildConnector, Pool } from 'undici';
import { CordonError } from '../../../core/errors.ts';
import type { GatewayUpstream } from '../../../core/gateway-upstream-config.ts';
import { checkedLookup, isLoopbackAddress, isPublicAddress, isPublicOrOwnAddress } from '../../remote/address.ts';
import { compileParserSimply } from './parser-memory.ts';

/** What of an upstream matters for a connection to it. */
export type Dialled = Pick<GatewayUpstream, 'id' | 'allowPrivateNetwork' | 'connections'> & {
  readonly timeouts: { readonly connectMs: number };
};

/** Certificates of a connection, PEM. */
export interface TlsMaterial {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** Why: answers of providers have some dozen headers; whoever sends more than this wants memory. */
const HEADER_BYTES = 32 * 1024;
/** Why shorter than what providers and balancers wait for (60 s and more): a connection that they close meanwhile costs a retry. */
const KEEP_ALIVE_MS = 30_000;

const REFUSED =
  'ADDRESS, which is not allowed; allowPrivateNetwork permits addresses of your own networks, but no link-local or reserved ones';

/**
 * Connections to the origin of an upstream. Every address is checked when it is dialled and once more on the socket, TLS is verified,
 * no redirect is followed. Time limits are the sender's.
 */
export function connectTo(origin: URL, upstream: Dialled, material: TlsMaterial = {}): Pool {
  const isAllowed = allowedAddresses(origin, upstream.allowPrivateNetwork);
  const connect = buildConnector({
    timeout: upstream.timeouts.connectMs,
    lookup: checkedLookup(isAllowed, REFUSED),
    rejectUnauthorized: true,
    ...(material.ca !== undefined && { ca: material.ca }),
    ...(material.certificate !== undefined && { cert: material.certificate, key: material.key }),
  });
  return new Pool(origin, {
    connections: upstream.connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES,
    connect: (options, callback) => {
      // An address written as a number is dialled without a lookup.
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isAllowed(literal)) return callback(refusal(literal), null);
      connect(options, (error, socket) => {
        const address = socket?.remoteAddress;
        if (error === null && (address === undefined || !isAllowed(address))) {
          socket?.destroy();
          return callback(refusal(address ?? '(closed)'), null);
        }
        if (error === null) compileParserSimply(() => callback(null, socket!));
        else callback(error, null);
      });
    },
  });
}

/**
 * Refuses what can be known to be wrong before anything is dialled. Throws `config.invalid`. Why http only to one's own networks: the
 * credential and the conversation would be readable on the way.
 */
export function checkOrigin(url: string, { id, allowPrivateNetwork }: Dialled): URL {
  const parsed = new URL(url);
  const { protocol, hostname } = parsed;
  const literal = hostname.replace(/^\[|\]$/g, '');
  const isAllowed = allowedAddresses(parsed, allowPrivateNetwork);
  if (isIP(literal) !== 0 && !isAllowed(literal))
    throw new CordonError(
      'config.invalid',
      isPublicOrOwnAddress(literal)
        ? `upstream ${id}: ${literal} is not allowed; allowPrivateNetwork permits addresses of your own networks`
        : `upstream ${id}: ${literal} is not allowed, nor can it be: no upstream is at link-local, reserved or multicast addresses`,
    );
  if (protocol !== 'https:' && !allowPrivateNetwork && !isOwnMachine(hostname))
    throw new CordonError('config.invalid', `upstream ${id}: requests are only sent over https; allowPrivateNetwork permits http`);
  return parsed;
}

/** What an upstream may be at. This machine where its operator has written that; a name that leads to it is something else. */
function allowedAddresses({ hostname }: URL, allowPrivate: boolean): (address: string) => boolean {
  if (allowPrivate) return isPublicOrOwnAddress;
  return isOwnMachine(hostname) ? isLoopbackAddress : isPublicAddress;
}

function isOwnMachine(hostname: string): boolean {
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ''));
}

function refusal(address: string): CordonError {
  return new CordonError('network.refused', `the address ${address} is not allowed`);
}
