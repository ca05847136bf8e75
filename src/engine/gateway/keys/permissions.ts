import type { Principal } from '../../../identity/permission.ts';
import type { Call } from '../call.ts';

/** Why: names of models come from clients; what is remembered of one principal must not grow with them. */
const KEPT = 500;

/** Permissions of principals, each asked for once: a principal never changes, and goes when anything about it does. */
export class Permissions {
  readonly #kept = new WeakMap<Principal, Map<string, boolean>>();

  mayCall({ caller: { principal }, route, model }: Call): boolean {
    return this.#may(principal, 'route', route) && (model === '' || this.#may(principal, 'model', model));
  }

  mayUseTool(principal: Principal, tool: string): boolean {
    return this.#may(principal, 'tool', tool);
  }

  #may(principal: Principal, kind: 'route' | 'model' | 'tool', name: string): boolean {
    if (name === '' || name.length > 500) return false;
    let kept = this.#kept.get(principal);
    if (kept === undefined) this.#kept.set(principal, (kept = new Map()));
    const object = `${kind}:${name}`;
    const known = kept.get(object);
    if (known !== undefined) return known;
    const may = principal.can('invoke', object);
    if (kept.size >= KEPT) kept.clear();
    kept.set(object, may);
    return may;
  }
}
