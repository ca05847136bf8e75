import type { ToolRule } from '../../../core/tool-policy.ts';
import type { ToolReason } from '../tool-decision.ts';
import type { ArgumentNode } from './argument-tree.ts';
import type { ArgumentCheck } from './constraints.ts';
import { descendants, select } from './select.ts';

/**
 * Refuses arguments that no path of the rule names. Why by default: else `recipients` passes a rule about `to`, and a tool that gains
 * an argument gains it for the attacker too.
 */
export function additionalCheck(rule: ToolRule): ArgumentCheck {
  const paths = namedPaths(rule);
  if (rule.additional === 'allow' || (rule.additional === undefined && paths.length === 0)) return () => [];
  return (root) => {
    const known = new Set<ArgumentNode>();
    for (const path of paths) {
      for (const node of select(root, path)) {
        for (const below of descendants(node)) known.add(below);
      }
    }
    return unknownBelow(root, known).map(({ path }): ToolReason => ({
      id: 'argument',
      path,
      message: `${path} is not among the arguments that are allowed`,
    }));
  };
}

/** The outermost values that nothing names: those without a known value inside. */
function unknownBelow(node: ArgumentNode, known: ReadonlySet<ArgumentNode>): ArgumentNode[] {
  return node.children.flatMap(([, child]) => {
    if (known.has(child)) return [];
    return descendants(child).some((below) => known.has(below)) ? unknownBelow(child, known) : [child];
  });
}

function namedPaths(rule: ToolRule): readonly string[] {
  return [
    ...rule.arguments.map(({ path }) => path),
    ...rule.when.map(({ path }) => path),
    ...(rule.egress?.arguments ?? []),
    ...(rule.paths?.arguments ?? []),
    ...(rule.sql?.arguments ?? []),
    ...(rule.shell?.arguments ?? []),
    ...rule.intent.flatMap(({ values }) => values),
    ...rule.untainted,
  ];
}
