import { CordonError } from '../../core/errors.ts';
import { objectsOf, string } from './fields.ts';
import type { JsonObject } from './parse-object.ts';

/** Fields by which servers answer with another model than the one that is asked for, or have somebody else pay. */
const TAKEN_HERE = ['fallbacks', 'fallback_models', 'models', 'billing_policy'] as const;

/**
 * Models besides the one that is asked for which a request has work, such as those of tools that a provider runs. Throws `request.invalid`
 * for lists of other models: which one answers when one fails is said in the configuration, with its limits and its price.
 */
export function otherModels(body: JsonObject): readonly string[] {
  for (const field of TAKEN_HERE) {
    const value = body[field];
    if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0))
      throw new CordonError('request.invalid', `${field} is not taken: the gateway decides which model answers, and who pays`);
  }
  return objectsOf(body.tools).flatMap(({ model }) => (model === undefined || model === null ? [] : [string(model)]));
}
