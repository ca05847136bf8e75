import { AccessConfig } from '../core/access-config.ts';
import { type Logger, SILENT } from '../core/logger.ts';
import type { Store, Tx } from '../store/open-store.ts';
import { openSecrets, type Secrets } from '../vault/secrets/open-secrets.ts';
import { OidcVerifier } from './oidc/verifier.ts';
import { KnownPrincipals } from './known-principals.ts';
import type { RoleGrant } from './permission.ts';
import { compileRoles, type Roles } from './permissions/roles.ts';
import { PasswordThrottle } from './sessions/throttle.ts';
import { TokenUsage } from './tokens/usage.ts';

/**
 * Appends evidence of an act in the transaction of the act. Why given from outside: the ledger stands on the same floor, and
 * neither knows the other.
 */
export type Recorder = (tx: Tx, entry: { readonly kind: string; readonly body: object; readonly at: number }) => Promise<unknown>;

/** Who may do what, for registry, gateway and console. Made once by a server or a command. */
export interface Identity {
  readonly store: Store;
  readonly roles: Roles;
  /** Roles that the configuration gives to groups. */
  readonly groupRoles: ReadonlyMap<string, readonly RoleGrant[]>;
  readonly groupsKeptMs: number;
  readonly issuers: ReadonlyMap<string, OidcVerifier>;
  readonly record: Recorder;
  readonly known: KnownPrincipals;
  readonly usage: TokenUsage;
  readonly throttle: PasswordThrottle;
  /** Where secrets of identity providers come from. */
  readonly secrets: Pick<Secrets, 'get'>;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called after each act on principals, roles, tokens and sessions in this process, so that what is remembered of them is forgotten. */
  onAct(listener: () => void): void;
  /** Writes what is still to be written. */
  close(): Promise<void>;
}

/** What {@link openIdentity} needs. */
export interface IdentityOptions {
  readonly store: Store;
  readonly record: Recorder;
  readonly access?: AccessConfig;
  /** Default: places that need no configuration, such as the environment. */
  readonly secrets?: Pick<Secrets, 'get'>;
  readonly log?: Logger;
  readonly now?: () => number;
}

/** Compiles the configuration and starts the batches. */
export function openIdentity(options: IdentityOptions): Identity {
  const access = options.access ?? AccessConfig.parse({});
  const usage = new TokenUsage(options.store);
  const listeners: (() => void)[] = [];
  const store: Store = {
    ...options.store,
    async transaction(work) {
      try {
        return await options.store.transaction(work);
      } finally {
        for (const listener of listeners) listener();
      }
    },
  };
  return {
    store,
    roles: compileRoles(access.roles),
    groupRoles: new Map(
      Object.entries(access.groups).map(([group, grants]) => [group, grants.map(({ role, on }) => ({ role, object: on }))]),
    ),
    groupsKeptMs: access.groupsKeptDays * 86_400_000,
    issuers: new Map(access.oidc.map((issuer) => [issuer.issuer, new OidcVerifier(issuer)])),
    record: options.record,
    known: new KnownPrincipals(options.store),
    usage,
    throttle: new PasswordThrottle(),
    secrets: options.secrets ?? openSecrets(),
    log: options.log ?? SILENT,
    now: options.now ?? Date.now,
    onAct: (listener) => void listeners.push(listener),
    close: () => usage.close(),
  };
}
