import { AccessConfig } from '../core/access-config.ts';
import { type Logger, SILENT } from '../core/logger.ts';
import type { Store, Tx } from '../store/open-store.ts';
import { openSecrets, type Secrets } from '../vault/secrets/open-secrets.ts';
import { type AccessRules, type AccessSource, compileAccess } from './access-rules.ts';
import { KnownPrincipals } from './known-principals.ts';
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
  /** What the configuration in force says. Why read once for each question: the next time it may be another one. */
  readonly rules: AccessRules;
  readonly record: Recorder;
  readonly known: KnownPrincipals;
  readonly usage: TokenUsage;
  readonly throttle: PasswordThrottle;
  /** Where secrets of identity providers come from. */
  readonly secrets: Pick<Secrets, 'get'>;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /**
   * Called after each act on principals, roles, tokens and sessions in this process, and when another configuration is in force, so
   * that what is remembered of them is forgotten.
   */
  onAct(listener: () => void): void;
  /** Compiles another configuration; throws `config.invalid`. What it returns puts it in force, at once and without failing. */
  prepare(source: AccessSource): () => void;
  /** Writes what is still to be written. */
  close(): Promise<void>;
}

/** What {@link openIdentity} needs. */
export interface IdentityOptions {
  readonly store: Store;
  readonly record: Recorder;
  readonly access?: AccessConfig;
  /** Proxies whose word counts for addresses and names; default: none. */
  readonly trustedProxies?: readonly string[];
  /** Default: places that need no configuration, such as the environment. */
  readonly secrets?: Pick<Secrets, 'get'>;
  readonly log?: Logger;
  readonly now?: () => number;
}

/** Compiles the configuration and starts the batches. */
export function openIdentity(options: IdentityOptions): Identity {
  let rules = compileAccess({
    access: options.access ?? AccessConfig.parse({}),
    server: { trustedProxies: options.trustedProxies ?? [] },
  });
  const known = new KnownPrincipals(options.store);
  const usage = new TokenUsage(options.store);
  const listeners: (() => void)[] = [];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const store: Store = {
    ...options.store,
    async transaction(work) {
      try {
        return await options.store.transaction(work);
      } finally {
        tell();
      }
    },
  };
  return {
    store,
    get rules() {
      return rules;
    },
    record: options.record,
    known,
    usage,
    throttle: new PasswordThrottle(),
    secrets: options.secrets ?? openSecrets(),
    log: options.log ?? SILENT,
    now: options.now ?? Date.now,
    onAct: (listener) => void listeners.push(listener),
    prepare(source) {
      const next = compileAccess(source, rules);
      return () => {
        rules = next;
        known.forget();
        tell();
      };
    },
    close: () => usage.close(),
  };
}
