import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { authenticate } from '../../../identity/authenticate.ts';
import { authenticateName } from '../../../identity/certificates/authenticate-name.ts';
import type { Peer } from '../../../identity/certificates/vouched-name.ts';
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
}

/** What {@link openCallers} needs. */
export interface CallersOptions {
  readonly identity: Identity;
  readonly watch: ChangeWatch;
}

/** Why: what changes all the time must not keep somebody waiting for ever. */
const LOOKUPS_AT_MOST = 3;

/** How somebody shows who they are, and under which name that is remembered. */
interface Presented {
  readonly key: string;
  load(): Promise<Principal | undefined>;
}

/** Opens the way in: what was verified is remembered until anything changes about who may do what, in whatever process. */
export function openCallers({ identity, watch }: CallersOptions): Callers {
  const verified = new VerifiedCallers();
  const permissions = new Permissions();
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
    const vouched = identity.rules.vouching.nameOf(headers, peer);
    if (vouched === undefined) return undefined;
    const { name, credential } = vouched;
    return { key: `${credential.kind} ${credential.id} ${name}`, load: () => authenticateName(identity, name, credential, now) };
  }

  function identify(headers: IncomingHttpHeaders, peer: Peer, lookups = 1): Caller | Promise<Caller | undefined> | undefined {
    const ip = identity.rules.vouching.ipOf(headers, peer);
    if (ip === undefined) return undefined;
    const now = identity.now();
    const who = presented(headers, peer, now);
    if (who === undefined) return undefined;
    // Why not for ever: without the database a revocation cannot be heard of.
    const isHeard = now - watch.seenAt() <= identity.rules.offlineMs;
    const known = isHeard ? verified.known(who.key, now) : undefined;
    if (known === undefined) {
      const { generation } = verified;
      return verified.lookUp(who.key, now, who.load).then((principal) =>
        // Why again: what begins by this answer may last, and the change that came in between is not told to it.
        generation === verified.generation || lookups >= LOOKUPS_AT_MOST ? callerOf(principal, ip) : identify(headers, peer, lookups + 1),
      );
    }
    if (known.credential.kind === 'token') identity.usage.touch(known.credential.id!, now);
    return callerOf(known, ip);
  }

  return {
    identify: (headers, peer) => identify(headers, peer),
    addressOf: (headers, peer) => identity.rules.vouching.ipOf(headers, peer) ?? peer.address ?? '',
    may: (call) => permissions.mayCall(call),
    mayUseTool: (caller, tool) => permissions.mayUseTool(caller.principal, tool),
    profileOf: (caller) => caller.principal.credential.scopes.profile,
    seesOriginals: (caller) => caller.principal.credential.scopes.seesOriginals === true,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function callerOf(principal: Principal | undefined, ip: string): Caller | undefined {
  if (principal === undefined || !mayComeFrom(principal, ip)) return undefined;
  const { kind, id, family, scopes } = principal.credential;
  const key = kind === 'token' ? (family ?? id) : null;
  return { principal, key, teams: principal.groups, ip, ...(scopes.limits !== undefined && { limits: scopes.limits }) };
}
