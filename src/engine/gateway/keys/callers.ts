import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { PeerCertificate } from 'node:tls';
import type { AccessConfig } from '../../../core/access-config.ts';
import { ipSet } from '../../../identity/addresses/ip-set.ts';
import { clientIp } from '../../../identity/addresses/client-ip.ts';
import { authenticate } from '../../../identity/authenticate.ts';
import { authenticateName, principalOfCertificate } from '../../../identity/certificates/authenticate-name.ts';
import { certificateNames } from '../../../identity/certificates/certificate-names.ts';
import type { Identity } from '../../../identity/identity.ts';
import { mayComeFrom } from '../../../identity/may-come-from.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { Call, Caller } from '../call.ts';
import type { ChangeWatch } from '../changes/watch-changes.ts';
import { Permissions } from './permissions.ts';
import { presentedToken } from './presented.ts';
import { VerifiedCallers } from './verified-callers.ts';

/** The other end of a connection, as the server sees it. */
export interface Peer {
  /** Remote address of the socket. */
  readonly address: string | undefined;
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
  reconfigure(config: CallersConfig): void;
}

/** What of the configuration says who is believed. */
export interface CallersConfig {
  readonly server: { readonly trustedProxies: readonly string[] };
  readonly access: Pick<AccessConfig, 'certificates' | 'proxyHeader' | 'offlineSeconds'>;
}

/** What {@link openCallers} needs. */
export interface CallersOptions {
  readonly identity: Identity;
  readonly config: CallersConfig;
  readonly watch: ChangeWatch;
}

/** How somebody shows who they are, and under which name that is remembered. */
interface Presented {
  readonly key: string;
  load(): Promise<Principal | undefined>;
}

/** Opens the way in: what was verified is remembered until anything changes about who may do what, in whatever process. */
export function openCallers({ identity, config: first, watch }: CallersOptions): Callers {
  const verified = new VerifiedCallers();
  const permissions = new Permissions();
  let config = first;
  let isTrusted = ipSet(config.server.trustedProxies);
  identity.onAct(() => verified.forget());
  watch.on('identity', () => verified.forget());

  function presented(headers: IncomingHttpHeaders, peer: Peer, now: number): Presented | undefined {
    const found = presentedToken(headers, peer.rawHeaders);
    if (found === 'odd') {
      identity.log.warn({ reason: 'several credentials, or one that is none' }, 'a credential was refused');
      return undefined;
    }
    // Why every address at first: whether it may come from this one is asked each time, and what is remembered is for all.
    if (found !== 'none') {
      const { token } = found;
      return { key: hash('sha256', token), load: () => authenticate(identity, { kind: 'bearer', token }, now, 'any') };
    }
    return named(headers, peer, now);
  }

  /** Who has no credential of their own: a certificate, or a proxy that is believed, says who they are. */
  function named(headers: IncomingHttpHeaders, peer: Peer, now: number): Presented | undefined {
    const { certificates, proxyHeader } = config.access;
    const { certificate } = peer;
    if (certificate?.fingerprint256 !== undefined && certificates.length > 0) {
      const name = principalOfCertificate(certificates, certificateNames(certificate));
      if (name !== undefined) {
        const credential = { kind: 'certificate', id: certificate.fingerprint256, expiresAt: Date.parse(certificate.valid_to) } as const;
        return { key: `certificate ${credential.id}`, load: () => authenticateName(identity, name, credential, now) };
      }
    }
    if (proxyHeader === undefined || !isFromProxy(peer)) return undefined;
    const name = headers[proxyHeader];
    if (typeof name !== 'string' || name.length > 200) return undefined;
    return { key: `proxy ${name}`, load: () => authenticateName(identity, name, { kind: 'proxy', id: null, expiresAt: null }, now) };
  }

  function isFromProxy(peer: Peer): boolean {
    const address = clientIp(peer.address, undefined, isTrusted);
    return address !== undefined && isTrusted(address);
  }

  return {
    identify(headers, peer) {
      const forwarded = headers['x-forwarded-for'];
      const ip = clientIp(peer.address, Array.isArray(forwarded) ? forwarded.join(',') : forwarded, isTrusted);
      if (ip === undefined) return undefined;
      const now = identity.now();
      const who = presented(headers, peer, now);
      if (who === undefined) return undefined;
      // Why not for ever: without the database a revocation cannot be heard of.
      const isHeard = now - watch.seenAt() <= config.access.offlineSeconds * 1_000;
      const known = isHeard ? verified.known(who.key, now) : undefined;
      if (known === undefined) return verified.lookUp(who.key, now, who.load).then((principal) => callerOf(principal, ip));
      if (known.credential.kind === 'token') identity.usage.touch(known.credential.id!, now);
      return callerOf(known, ip);
    },
    may: (call) => permissions.mayCall(call),
    mayUseTool: (caller, tool) => permissions.mayUseTool(caller.principal, tool),
    profileOf: (caller) => caller.principal.credential.scopes.profile,
    seesOriginals: (caller) => caller.principal.credential.scopes.seesOriginals === true,
    reconfigure(next) {
      isTrusted = ipSet(next.server.trustedProxies);
      config = next;
      verified.forget();
    },
  };
}

function callerOf(principal: Principal | undefined, ip: string): Caller | undefined {
  if (principal === undefined || !mayComeFrom(principal, ip)) return undefined;
  const { kind, id, family } = principal.credential;
  return { principal, key: kind === 'token' ? (family ?? id) : null, teams: principal.groups, ip };
}
