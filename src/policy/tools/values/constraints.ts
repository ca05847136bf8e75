import type { ArgumentRule } from '../../../core/tool-policy.ts';
import { matchesGlob } from '../../glob.ts';
import type { ToolReason } from '../tool-decision.ts';
import type { ArgumentNode } from './argument-tree.ts';
import { linearRegex } from './linear-regex.ts';
import { select } from './select.ts';

/** What is wrong with the arguments; empty when all is as demanded. */
export type ArgumentCheck = (root: ArgumentNode) => ToolReason[];

/** Compiles one constraint. Throws `config.invalid` for a regular expression that cannot run in linear time. */
export function argumentCheck(rule: ArgumentRule): ArgumentCheck {
  const whole = rule.regex === undefined ? undefined : linearRegex(rule.regex);
  const part = rule.not === undefined ? undefined : linearRegex(rule.not);
  const wantsText = whole !== undefined || part !== undefined || rule.glob !== undefined;
  const wantsNumber = rule.min !== undefined || rule.max !== undefined;

  function problem(node: ArgumentNode): string | undefined {
    const { kind, value } = node;
    if (rule.type !== undefined && !isOfType(node, rule.type)) return `must be of type ${rule.type}, is ${kind}`;
    if (rule.enum !== undefined && (value === undefined || !rule.enum.includes(value))) return 'is not one of the allowed values';
    if (wantsText && typeof value !== 'string') return `must be text, is ${kind}`;
    if (wantsNumber && typeof value !== 'number') return `must be a number, is ${kind}`;
    if (typeof value === 'string') {
      if (rule.glob !== undefined && !rule.glob.some((glob) => matchesGlob(value, glob))) return 'matches none of the allowed patterns';
      if (whole !== undefined && !whole.matches(value)) return 'does not match the pattern';
      if (part !== undefined && part.occursIn(value)) return 'matches a pattern that is not allowed';
    }
    if (rule.maxLength !== undefined) {
      const length = typeof value === 'string' ? value.length : node.children.length;
      if (length > rule.maxLength) return `is longer than ${rule.maxLength}`;
    }
    if (typeof value === 'number') {
      if (rule.min !== undefined && value < rule.min) return `is less than ${rule.min}`;
      if (rule.max !== undefined && value > rule.max) return `is more than ${rule.max}`;
    }
    return undefined;
  }

  return (root) => {
    const nodes = select(root, rule.path);
    if (rule.absent) return nodes.map(({ path }) => ({ id: 'argument', path, message: `${path} must not be there` }));
    if (nodes.length === 0) return rule.required ? [{ id: 'argument', path: rule.path, message: `${rule.path} is missing` }] : [];
    return nodes.flatMap((node) => {
      const wrong = problem(node);
      return wrong === undefined ? [] : [{ id: 'argument', path: node.path, message: `${node.path} ${wrong}` }];
    });
  };
}

function isOfType({ kind, value }: ArgumentNode, type: NonNullable<ArgumentRule['type']>): boolean {
  return type === 'integer' ? Number.isSafeInteger(value) : kind === type;
}
