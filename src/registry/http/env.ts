import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Principal } from '../../identity/permission.ts';

/** What every route of the registry finds in its context: the raw request and response, and who asks. */
export interface RegistryEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: { readonly principal: Principal };
}

export type RegistryRequest = Context<RegistryEnv>;
