import { CordonError } from '../../core/errors.ts';
import type { GatewayConfig } from '../../core/gateway-config.ts';
import type { GuardConfig } from '../../core/guard-config.ts';
import { createGuard, type Guard, type GuardOptions } from '../../engine/guard/guard.ts';

/** The guards of a configuration by profile: all that are named anywhere are made at once, so that a request never waits for one. */
export class Guards {
  readonly #guards = new Map<string, Guard>();
  readonly #general: string;
  readonly #config: GatewayConfig;
  readonly #make: (profile: string) => Guard;

  /** Throws `config.invalid` for profiles that do not exist or cannot be used. */
  constructor(config: GatewayConfig, guard: GuardConfig | undefined, options: Omit<GuardOptions, 'config' | 'profile'> = {}) {
    this.#config = config;
    this.#general = config.guard.profile ?? guard?.profile ?? 'default';
    this.#make = (profile) => createGuard({ ...options, config: guard ?? {}, profile, remember: config.guard.remember });
    const tightened = config.defence.rules.flatMap(({ profile }) => profile ?? []);
    const models = Object.values(config.models).flatMap(({ profile }) => profile ?? []);
    const servers = config.mcp.servers.flatMap(({ profile }) => profile ?? []);
    const own = Object.keys(guard?.profiles ?? {});
    for (const name of [this.#general, ...Object.values(config.guard.routes), ...tightened, ...models, ...servers, ...own])
      this.#guard(name);
  }

  /**
   * The guard for a call: of the first profile that is named, else of the route, the model, all. A profile that is not configured is an
   * error and no other profile: whoever named it relies on it.
   */
  of(closest: readonly (string | undefined)[], route: string, model: string | undefined): Guard {
    const { routes } = this.#config.guard;
    return this.#guard(
      closest.find((name) => name !== undefined) ?? (Object.hasOwn(routes, route) ? routes[route]! : (model ?? this.#general)),
    );
  }

  #guard(name: string): Guard {
    let guard = this.#guards.get(name);
    if (guard === undefined) {
      try {
        guard = this.#make(name);
      } catch (cause) {
        throw new CordonError('config.invalid', `the guard profile ${JSON.stringify(name)} cannot be used`, { cause });
      }
      this.#guards.set(name, guard);
    }
    return guard;
  }
}
