import { type ASTNode, serialize } from '@marcbachmann/cel-js';
import { printable } from '../../core/printable.ts';
import { literalValue } from './format-value.ts';
import { iteration, type Iteration } from './syntax.ts';
import type { Item, Scope, Tracer } from './trace.ts';

/** Why: a reason is read by people; the report holds the findings themselves. */
const MAX_ITEMS = 10;
const MAX_INPUTS = 40;

/**
 * The input values that made a condition come out as it did, such as `findings[3].severity="critical"`: the items that
 * `exists` and `filter` matched, the items that `all` failed on, the operands that decided `&&` and `||`, and the value of
 * every field read on the way.
 */
export function explain(condition: ASTNode, tracer: Tracer): readonly string[] {
  const inputs = new Set<string>();
  visit(condition, new Map());
  const told = [...inputs];
  return told.length <= MAX_INPUTS ? told : [...told.slice(0, MAX_INPUTS), `… ${told.length - MAX_INPUTS} more values`];

  function visit(node: ASTNode, scope: Scope): void {
    const loop = iteration(node);
    if (loop !== undefined) return visitLoop(node, loop, scope);
    switch (node.op) {
      case 'value':
        return;
      case 'id':
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return visitSelector(node, scope);
      case '&&':
      case '||': {
        // The operands that decided: all of them if both had to hold (or fail), else those that did.
        const result = tracer.valueOf(node, scope);
        const deciding = node.args.filter((operand) => tracer.valueOf(operand, scope) === result);
        return deciding.forEach((operand) => visit(operand, scope));
      }
      case '?:': {
        const [test, whenTrue, whenFalse] = node.args;
        visit(test, scope);
        return visit(tracer.valueOf(test, scope) === true ? whenTrue : whenFalse, scope);
      }
      case 'call':
        return visitCall(node.args[0], node.args[1], scope);
      case 'rcall':
        return visitMethod(node.args[0], node.args[1], node.args[2], scope);
      case 'list':
        return node.args.forEach((item) => visit(item, scope));
      case 'map':
        return node.args.flat().forEach((item) => visit(item, scope));
      case '!_':
      case '-_':
        return visit(node.args, scope);
      default:
        return node.args.forEach((operand) => visit(operand, scope));
    }
  }

  function visitSelector(node: ASTNode, scope: Scope): void {
    const path = tracer.pathOf(node, scope);
    if (path !== undefined) return tell(path, tracer.valueOf(node, scope));
    if (node.op === '[]' || node.op === '[?]' || node.op === '.' || node.op === '.?') visit(node.args[0], scope);
  }

  function visitCall(name: string, args: readonly ASTNode[], scope: Scope): void {
    const [first] = args;
    if (name === 'size' && first !== undefined) return visitSize(first, scope);
    if (name !== 'has' || first?.op !== '.') return args.forEach((argument) => visit(argument, scope));
    const path = tracer.pathOf(first, scope);
    if (path !== undefined) tell(path, tracer.valueOf(first, scope));
  }

  function visitMethod(name: string, receiver: ASTNode, args: readonly ASTNode[], scope: Scope): void {
    const [variable, value, body] = args;
    if (name === 'bind' && variable?.op === 'id' && value !== undefined && body !== undefined) {
      const bound = { value: tracer.valueOf(value, scope), path: tracer.pathOf(value, scope) };
      visit(value, scope);
      return visit(body, new Map(scope).set(variable.args, bound));
    }
    if (name === 'size' && args.length === 0) return visitSize(receiver, scope);
    visit(receiver, scope);
    args.forEach((argument) => visit(argument, scope));
  }

  /** A size is explained by what was counted; an empty selection by how many there were to choose from. */
  function visitSize(counted: ASTNode, scope: Scope): void {
    if (iteration(counted) === undefined) {
      const path = tracer.pathOf(counted, scope);
      if (path === undefined) return visit(counted, scope);
      const value = tracer.valueOf(counted, scope);
      return typeof value === 'string' ? tell(path, value) : tellSize(path, tracer.itemsOf(counted, scope).length);
    }
    visit(counted, scope);
  }

  function visitLoop(node: ASTNode, loop: Iteration, scope: Scope): void {
    if (loop.macro === 'filter' || loop.macro === 'map') {
      const kept = tracer.itemsOf(node, scope);
      if (kept.length === 0) return tellNone(loop, scope);
      return witness(kept, loop, undefined, scope);
    }
    const wanted = loop.macro !== 'all';
    const { predicate } = loop;
    const deciding = tracer.itemsOf(loop.receiver, scope).filter((item) => {
      const value = predicate && tracer.valueOf(predicate, new Map(scope).set(loop.variable, item));
      return (value === true) === wanted;
    });
    if (deciding.length === 0) return tellNone(loop, scope);
    witness(deciding, loop, predicate, scope);
  }

  function witness(items: readonly Item[], loop: Iteration, predicate: ASTNode | undefined, scope: Scope): void {
    for (const item of items.slice(0, MAX_ITEMS)) {
      const before = inputs.size;
      for (const reason of item.because) visit(reason.node, reason.scope);
      if (predicate !== undefined) visit(predicate, new Map(scope).set(loop.variable, item));
      if (inputs.size === before && item.path !== undefined) tell(item.path, item.value);
    }
    if (items.length > MAX_ITEMS) inputs.add(`… ${items.length - MAX_ITEMS} more of ${printable(serialize(loop.receiver))}`);
  }

  /** Nothing decided it: no item matched, or none failed. Then the number of items looked at is the input. */
  function tellNone(loop: Iteration, scope: Scope): void {
    const path = tracer.pathOf(loop.receiver, scope);
    if (path !== undefined) return tellSize(path, tracer.itemsOf(loop.receiver, scope).length);
    const inner = iteration(loop.receiver);
    if (inner === undefined) visit(loop.receiver, scope);
    else tellNone(inner, scope);
  }

  function tell(path: string, value: unknown): void {
    inputs.add(`${printable(path)}=${value === undefined ? 'absent' : literalValue(value)}`);
  }

  function tellSize(path: string, size: number): void {
    inputs.add(`size(${printable(path)})=${size}`);
  }
}
