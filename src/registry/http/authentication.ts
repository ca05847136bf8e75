import type { MiddlewareHandler } from 'hono';
import type { Access } from './access.ts';
import type { RegistryEnv, RegistryRequest } from './env.ts';

/** Lets a request through with its principal; answers it with `refuse` when nobody is known by its credential. */
export function authenticated(
  access: Pick<Access, 'authenticate'>,
  refuse: (c: RegistryRequest) => Response,
): MiddlewareHandler<RegistryEnv> {
  return async (c, next) => {
    const principal = await access.authenticate(c.req.header('authorization'), c.env.incoming);
    if (principal === undefined) return refuse(c);
    c.set('principal', principal);
    return next();
  };
}
