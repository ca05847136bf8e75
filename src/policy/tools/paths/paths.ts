import type { PathRule } from '../../../core/tool-policy.ts';
import type { ArgumentCheck } from '../values/constraints.ts';
import { selectLeaves } from '../values/select.ts';
import { pathProblem } from './path-problem.ts';

/** Compiles which files may be touched into a check of the arguments. */
export function pathCheck(rule: PathRule): ArgumentCheck {
  return (root) =>
    rule.arguments.flatMap((place) =>
      selectLeaves(root, place).flatMap(({ path, value }) => {
        if (value === null) return [];
        const problem = typeof value === 'string' ? pathProblem(value, rule) : 'is no path';
        return problem === undefined ? [] : [{ id: 'path', path, message: `${path} ${problem}` }];
      }),
    );
}
