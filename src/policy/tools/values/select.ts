import type { ArgumentNode } from './argument-tree.ts';

type Step = { readonly deep: boolean; readonly key: string | undefined };

const STEP = /(\.\.?)([A-Za-z_][A-Za-z0-9_-]*|\*)|\[(?:(\d+)|(\*)|'([^']+)')\]/y;

/** The values at a path. Lists at the end are opened only by `[*]`. */
export function select(root: ArgumentNode, path: string): ArgumentNode[] {
  let found: readonly ArgumentNode[] = [root];
  for (const { deep, key } of steps(path)) {
    const from = deep ? unique(found.flatMap(descendants)) : found;
    found = from.flatMap(({ children }) => children.filter(([name]) => key === undefined || name === key).map(([, node]) => node));
  }
  return unique(found);
}

/** The values at a path; of a list the values in it, however deep: a list of recipients is judged one by one. */
export function selectLeaves(root: ArgumentNode, path: string): ArgumentNode[] {
  return unique(select(root, path).flatMap(leaves));
}

/** A value itself, or what a list or object holds. A string that holds JSON counts as string and by what it holds. */
export function leaves(node: ArgumentNode): ArgumentNode[] {
  const own = node.value === undefined ? [] : [node];
  return [...own, ...node.children.flatMap(([, child]) => leaves(child))];
}

/** A value and everything below it. */
export function descendants(node: ArgumentNode): ArgumentNode[] {
  return [node, ...node.children.flatMap(([, child]) => descendants(child))];
}

function unique(nodes: readonly ArgumentNode[]): ArgumentNode[] {
  return [...new Set(nodes)];
}

function steps(path: string): Step[] {
  const found: Step[] = [];
  STEP.lastIndex = 1;
  for (let match = STEP.exec(path); match !== null; match = STEP.exec(path)) {
    const [, dots, name, index, star, quoted] = match;
    const key = name === '*' || star !== undefined ? undefined : (name ?? index ?? quoted);
    found.push({ deep: dots === '..', key });
  }
  return found;
}
