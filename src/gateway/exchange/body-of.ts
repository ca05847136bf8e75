import { hash } from 'node:crypto';
import { readBody } from '../http/read-body.ts';
import type { Exchange } from './exchange.ts';

/**
 * The body of a request, held in memory. Throws `input.too-large`, and `gateway.unavailable` where too much is under way. Why counted while
 * it comes: limits count a request when it is there, and whoever never ends one would hold memory that no limit knows of.
 */
export async function bodyOf(exchange: Exchange): Promise<Buffer> {
  const { request, policy, services, call } = exchange;
  const owner = call.caller.principal.id;
  let taken = 0;
  try {
    const bytes = await readBody(request, policy.config.maxBodyBytes, (more) => {
      services.bodies.take(owner, more);
      taken += more;
    });
    exchange.requestSha256 = hash('sha256', bytes, 'hex');
    return bytes;
  } finally {
    if (taken > 0) services.bodies.give(owner, taken);
  }
}
