import { CordonError } from '../../core/errors.ts';
import { needsTranslation, type Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { JsonObject } from '../json/parse-object.ts';
import type { Protocol } from '../protocol.ts';
import type { Translated } from '../translate/translation.ts';
import type { Exchange } from './exchange.ts';

/**
 * The request in other words, where targets of the model need them; undefined: only targets that take it as it is are asked.
 * Throws `request.invalid` for what cannot be translated where there is no such target. Called with what the guard has left of the body.
 */
export function translatedFor({ services, policy, model }: Exchange, protocol: Protocol, body: JsonObject): Translated | undefined {
  if (protocol.translate === undefined) return undefined;
  const targets = services.upstreams.targetsOf(model) ?? [];
  const others = targets.filter((target) => isTranslated(protocol, target));
  if (others.length === 0) return undefined;
  try {
    return protocol.translate(body, { maxOutputTokens: policy.config.maxOutputTokens, targets: others });
  } catch (error) {
    if (error instanceof CordonError && error.code === 'request.invalid' && others.length < targets.length) return undefined;
    throw error;
  }
}

/** Whether a target gets requests of this protocol in other words. */
export function isTranslated({ family, path }: Protocol, target: Target): boolean {
  return needsTranslation({ protocol: family, path }, target);
}
