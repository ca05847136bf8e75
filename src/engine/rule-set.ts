import { createHash } from 'node:crypto';
import type { Rule } from '../core/rule.ts';
import { BOM_RULES } from '../evidence/bom/rules.ts';
import { FILE_SCANNERS } from '../scanners/index.ts';
import { TREE_SCANNERS } from '../scanners/tree.ts';
import { SCANNERS } from './build.ts';
import { ENGINE_RULES } from './rules.ts';

/** Every rule that can fire, by id, in the order of their scanners. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [...ENGINE_RULES, ...BOM_RULES, ...[...FILE_SCANNERS, ...TREE_SCANNERS].flatMap((scanner) => scanner.rules)].map((rule) => [
    rule.id,
    rule,
  ]),
);

/**
 * sha256 over the rules and the program that applies them: reports say by which they were made. Why the program too: a scanner that was
 * mended finds something else under the same rules, and what an older one said must be known as such.
 */
export function ruleSetDigest(): string {
  return createHash('sha256')
    .update(JSON.stringify([SCANNERS, ...RULES.values()]))
    .digest('hex');
}
