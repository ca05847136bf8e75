import type { ASTNode } from '@marcbachmann/cel-js';

/** Macros that evaluate their last argument once for each item of the receiver. */
export const ITERATING_MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** A call of an iterating macro, taken apart. */
export interface Iteration {
  readonly macro: string;
  readonly receiver: ASTNode;
  readonly variable: string;
  /** Predicate of all, exists, exists_one and filter; of `map(x, predicate, transform)` too. */
  readonly predicate: ASTNode | undefined;
  /** What `map` makes of each item. */
  readonly transform: ASTNode | undefined;
}

/** The parts of an iterating macro, or undefined for any other expression. */
export function iteration(node: ASTNode): Iteration | undefined {
  if (node.op !== 'rcall') return undefined;
  const [macro, receiver, [variable, first, second]] = node.args;
  if (!ITERATING_MACROS.has(macro) || variable?.op !== 'id' || first === undefined) return undefined;
  const isMap = macro === 'map';
  return {
    macro,
    receiver,
    variable: variable.args,
    predicate: isMap && second === undefined ? undefined : first,
    transform: isMap ? (second ?? first) : undefined,
  };
}

/** The direct parts of an expression. */
export function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** The names of the input variables, functions and methods that an expression uses, in order of appearance. */
export function calledNames(node: ASTNode): readonly string[] {
  const own = node.op === 'call' || node.op === 'rcall' ? [node.args[0]] : [];
  return [...own, ...children(node).flatMap(calledNames)];
}
