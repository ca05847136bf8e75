import { createHash } from 'node:crypto';
import type { Rule } from '../core/rule.ts';
import { BOM_RULES } from '../evidence/bom/rules.ts';
import { FILE_SCANNERS } from '../scanners/index.ts';
import { TREE_SCANNERS } from '../scanners/tree.ts';
import { ENGINE_RULES } from './rules.ts';

/** Every rule that can fire, by id, in the order of their scanners. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [...ENGINE_RULES, ...BOM_RULES, ...[...FILE_SCANNERS, ...TREE_SCANNERS].flatMap((scanner) => scanner.rules)].map((rule) => [
    rule.id,
    rule,
  ]),
);

/** sha256 over the rules: reports say by which they were made. */
export function ruleSetDigest(): string {
  return createHash('sha256')
    .update(JSON.stringify([...RULES.values()]))
    .digest('hex');
}
