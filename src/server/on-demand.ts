import type { HttpBindings } from '@hono/node-server';
import type { Handler } from 'hono';

/** What answers requests once it is there. */
interface Answering {
  fetch(request: Request, bindings: HttpBindings): Response | Promise<Response>;
}

/** Answers with what the first request brings into memory. Where that fails, the next request tries again. */
export function onDemand(load: () => Promise<Answering>): Handler<{ Bindings: HttpBindings }> {
  let loading: Promise<Answering> | undefined;
  return async (c) => {
    loading ??= load();
    loading.catch(() => (loading = undefined));
    return await (await loading).fetch(c.req.raw, c.env);
  };
}
