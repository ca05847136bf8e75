import type { Rule } from '../core/rule.ts';
import { DETECTORS } from '../detectors/index.ts';
import { MODEL_RULES } from '../detectors/model-rules.ts';
import { MODERATION_RULES } from '../detectors/moderation/rules.ts';
import { RULES } from './rule-set.ts';

/** Every rule of scanners and detectors, by id. Why apart from {@link RULES}: scanning has no use for detectors and need not load them. */
export const ALL_RULES: ReadonlyMap<string, Rule> = new Map([
  ...RULES,
  ...[...DETECTORS.flatMap(({ rules }) => rules), ...MODERATION_RULES, ...MODEL_RULES].map((rule): [string, Rule] => [rule.id, rule]),
]);
