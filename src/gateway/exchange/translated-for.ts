import { CordonError } from '../../core/errors.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { Protocol } from '../protocol.ts';
import type { Translated } from '../translate/translation.ts';
import type { Exchange } from './exchange.ts';

/**
 * The request in the other protocol, where targets of the model speak that; undefined: only targets of the client's own protocol are asked.
 * Throws `request.invalid` for what cannot be translated where there is no such target. Called with what the guard has left of the body.
 */
export function translatedFor({ services, policy, model }: Exchange, protocol: Protocol, body: JsonObject): Translated | undefined {
  if (protocol.translate === undefined) return undefined;
  const targets = services.upstreams.targetsOf(model) ?? [];
  const others = targets.filter((target) => target.protocol !== protocol.family).length;
  if (others === 0) return undefined;
  try {
    return protocol.translate(body, { maxOutputTokens: policy.config.maxOutputTokens });
  } catch (error) {
    if (error instanceof CordonError && error.code === 'request.invalid' && others < targets.length) return undefined;
    throw error;
  }
}
