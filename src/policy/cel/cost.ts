import type { ASTNode } from '@marcbachmann/cel-js';
import type { PolicyInput } from '../input-document.ts';
import { children, iteration } from './syntax.ts';

/** Why: about two seconds of evaluation. CEL always ends, but loops inside loops over thousands of findings end late. */
export const MAX_COST = 10_000_000;

/** How many items loops have to look at, at most. */
interface Sizes {
  readonly findings: number;
  readonly artifacts: number;
  /** The longest list or map inside a finding or an artifact. */
  readonly inner: number;
}

/**
 * Upper bound of the evaluation steps of an expression on this input. Why an estimate before instead of a clock during: the
 * same input must give the same decision on a slow machine.
 */
export function estimateCost(node: ASTNode, input: PolicyInput): number {
  return cost(node, { findings: input.findings.length, artifacts: input.artifacts.length, inner: longestInside(input) });
}

/** Whether an expression loops inside a loop; only then can it cost more than the input is long. */
export function hasNestedLoop(node: ASTNode, isInside = false): boolean {
  const loop = iteration(node);
  if (loop === undefined) return children(node).some((child) => hasNestedLoop(child, isInside));
  if (isInside || hasNestedLoop(loop.receiver, isInside)) return true;
  return [loop.predicate, loop.transform].some((body) => body !== undefined && hasNestedLoop(body, true));
}

function cost(node: ASTNode, sizes: Sizes): number {
  const loop = iteration(node);
  if (loop === undefined) return 1 + children(node).reduce((sum, child) => sum + cost(child, sizes), 0);
  const body = [loop.predicate, loop.transform].reduce((sum, part) => sum + (part === undefined ? 0 : cost(part, sizes)), 1);
  return cost(loop.receiver, sizes) + itemCount(loop.receiver, sizes) * body;
}

function itemCount(node: ASTNode, sizes: Sizes): number {
  if (node.op === 'id' && node.args === 'findings') return sizes.findings;
  if (node.op === 'id' && node.args === 'artifacts') return sizes.artifacts;
  const loop = iteration(node);
  if (loop !== undefined) return itemCount(loop.receiver, sizes);
  if (node.op === 'list') return node.args.length;
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]') return sizes.inner;
  return Math.max(sizes.findings, sizes.artifacts, sizes.inner);
}

function longestInside(input: PolicyInput): number {
  let longest = 0;
  const visit = (value: unknown): void => {
    if (typeof value === 'string') longest = Math.max(longest, value.length);
    if (value === null || typeof value !== 'object') return;
    const items: unknown[] = Object.values(value);
    longest = Math.max(longest, items.length);
    for (const item of items) visit(item);
  };
  for (const { maps, evidence } of input.findings) visit([maps, evidence]);
  for (const { reasons, measured, declared } of input.artifacts) visit([reasons, measured, declared]);
  return longest;
}
