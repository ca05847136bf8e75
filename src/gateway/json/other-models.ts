import { CordonError } from '../../core/errors.ts';
import { objectsOf } from './fields.ts';
import type { JsonObject } from './parse-object.ts';
import { plainName } from './plain-name.ts';

/**
 * Fields by which servers answer with another model than the one that is asked for, ask somebody else, or have somebody else pay. Some are
 * those of other gateways, which may stand between this one and a provider.
 */
const TAKEN_HERE: ReadonlySet<string> = new Set([
  'fallback',
  'fallbacks',
  'fallback_model',
  'fallback_models',
  'models',
  'model_list',
  'preset',
  'billing_policy',
  'extra_body',
  'api_base',
  'base_url',
  'api_key',
  'user_config',
  'custom_llm_provider',
]);
/** Why: no tool has tools in tools in tools. */
const MOST_LEVELS = 4;

/**
 * Models besides the one that is asked for which a request has work, such as those of tools that a provider runs. Throws `request.invalid`
 * for lists of other models: which one answers when one fails is said in the configuration, with its limits and its price.
 */
export function otherModels(body: JsonObject): readonly string[] {
  const models: string[] = [];
  for (const key of Object.keys(body)) {
    const field = plainName(key);
    if (TAKEN_HERE.has(field) && !isNothing(body[key]))
      throw new CordonError('request.invalid', `${field} is not taken: the gateway decides which model answers, and who pays`);
    if (field === 'tools') modelsOf(body[key], models, 0);
  }
  return models;
}

function modelsOf(tools: unknown, models: string[], level: number): void {
  if (level === MOST_LEVELS) throw new CordonError('request.invalid', 'tools stand too deep in tools');
  for (const tool of objectsOf(tools)) {
    for (const key of Object.keys(tool)) {
      const value = tool[key];
      const field = plainName(key);
      if (field === 'tools') modelsOf(value, models, level + 1);
      if (field !== 'model' || isNothing(value)) continue;
      if (typeof value !== 'string') throw new CordonError('request.invalid', 'the model of a tool must be the name of a model');
      models.push(value);
    }
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
