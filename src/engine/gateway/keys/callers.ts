import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessConfig } from '../../../core/access-config.ts';
import { authenticate } from '../../../identity/authenticate.ts';
import { authenticateName } from '../../../identity/certificates/authenticate-name.ts';
import { type Peer, type VouchingConfig, vouchingOf } from '../../../identity/certificates/vouched-name.ts';
import type { Identity } from '../../../identity/identity.ts';
import { mayComeFrom } from '../../../identity/may-come-from.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { Call, Caller } from '../call.ts';
import type { ChangeWatch } from '../changes/watch-changes.ts';
import { Permissions } from './permissions.ts';
import { presentedToken } from './presented.ts';
import { VerifiedCallers } from './verified-callers.ts';

/** Who calls the gateway, and what they may. */
export interface Callers {
  /** Undefined: nobody who is known. At once when the credential was verified a moment ago; throws when nobody can be asked. */
  identify(headers: IncomingHttpHeaders, peer: Peer): Caller | Promise<Caller | undefined> | undefined;
  /** The address that a request came from, behind proxies that are trusted; that of the connection where it cannot be told. */
  addressOf(headers: IncomingHttpHeaders, peer: Peer): string;
  /** May this be called: `invoke` on the route and, where there is one, on the model. */
  may(call: Call): boolean;
  mayUseTool(caller: Caller, tool: string): boolean;
  /** Profile of the guard that the key prescribes. */
  profileOf(caller: Caller): string | undefined;
  /** May redactions be reversed for this caller? */
  seesOriginals(caller: Caller): boolean;
  /** Called when something about who may do what has changed; returns what ends that. */
  onChange(listener: () => void): () => void;
  reconfigure(config: CallersConfig): void;
}

/** What of the configuration says who is believed, and for how long without the database. */
export interface CallersConfig extends VouchingConfig {
  readonly access: VouchingConfig['access'] & Pick<AccessConfig, 'offlineSeconds'>;
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
  let { offlineSeconds } = first.access;
  let vouching = vouchingOf(first);
  const listeners = new Set<() => void>();
  function changed(): void {
    verified.forget();
    for (const listener of listeners) listener();
  }
  identity.onAct(changed);
  watch.on('identity', changed);

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
    const vouched = vouching.nameOf(headers, peer);
    if (vouched === undefined) return undefined;
    const { name, credential } = vouched;
    return { key: `${credential.kind} ${credential.id} ${name}`, load: () => authenticateName(identity, name, credential, now) };
  }

  return {
    identify(headers, peer) {
      const ip = vouching.ipOf(headers, peer);
      if (ip === undefined) return undefined;
      const now = identity.now();
      const who = presented(headers, peer, now);
      if (who === undefined) return undefined;
      // Why not for ever: without the database a revocation cannot be heard of.
      const isHeard = now - watch.seenAt() <= offlineSeconds * 1_000;
      const known = isHeard ? verified.known(who.key, now) : undefined;
      if (known === undefined) return verified.lookUp(who.key, now, who.load).then((principal) => callerOf(principal, ip));
      if (known.credential.kind === 'token') identity.usage.touch(known.credential.id!, now);
      return callerOf(known, ip);
    },
    addressOf: (headers, peer) => vouching.ipOf(headers, peer) ?? peer.address ?? '',
    may: (call) => permissions.mayCall(call),
    mayUseTool: (caller, tool) => permissions.mayUseTool(caller.principal, tool),
    profileOf: (caller) => caller.principal.credential.scopes.profile,
    seesOriginals: (caller) => caller.principal.credential.scopes.seesOriginals === true,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reconfigure(next) {
      vouching = vouchingOf(next);
      offlineSeconds = next.access.offlineSeconds;
      changed();
    },
  };
}

function callerOf(principal: Principal | undefined, ip: string): Caller | undefined {
  if (principal === undefined || !mayComeFrom(principal, ip)) return undefined;
  const { kind, id, family, scopes } = principal.credential;
  const key = kind === 'token' ? (family ?? id) : null;
  return { principal, key, teams: principal.groups, ip, ...(scopes.limits !== undefined && { limits: scopes.limits }) };
}
