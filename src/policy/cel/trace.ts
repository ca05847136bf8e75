import { type ASTNode, type Environment, Optional, type ParseResult, serialize } from '@marcbachmann/cel-js';
import type { Activation } from './activation.ts';
import { iteration } from './syntax.ts';

/** A loop variable: its value, and where in the input document it comes from. */
export interface Binding {
  readonly value: unknown;
  /** Undefined for a value that was computed. */
  readonly path: string | undefined;
}

/** The loop variables in scope. */
export type Scope = ReadonlyMap<string, Binding>;

/** An item of a list, with the predicates of the `filter()` calls it came through. */
export interface Item extends Binding {
  readonly because: readonly { readonly node: ASTNode; readonly scope: Scope }[];
}

/** Parsed parts of conditions. Kept for as long as the condition is, because parsing costs more than evaluating. */
export type PartCache = WeakMap<ASTNode, ParseResult>;

/** Evaluates the parts of a condition one by one, and knows which input values they come from. */
export class Tracer {
  readonly #activation: Activation;
  readonly #environment: Environment;
  readonly #parts: PartCache;

  constructor(activation: Activation, environment: Environment, parts: PartCache) {
    this.#activation = activation;
    this.#environment = environment;
    this.#parts = parts;
  }

  /** The value of a part; undefined where it has none (an error in a branch that did not matter). */
  valueOf(node: ASTNode, scope: Scope): unknown {
    const variables = Object.create(this.#activation) as Record<string, unknown>;
    for (const [name, { value }] of scope) variables[name] = value;
    try {
      const value: unknown = this.#part(node)(variables);
      return value instanceof Optional ? (value.hasValue() ? value.value() : undefined) : value;
    } catch {
      return undefined;
    }
  }

  /** Where in the input document the value of a part stands, for example `findings[3].severity`. */
  pathOf(node: ASTNode, scope: Scope): string | undefined {
    switch (node.op) {
      case 'id':
        if (scope.has(node.args)) return scope.get(node.args)?.path;
        return node.args in this.#activation ? node.args : undefined;
      case '.':
      case '.?': {
        const base = this.pathOf(node.args[0], scope);
        return base === undefined ? undefined : `${base}.${node.args[1]}`;
      }
      case '[]':
      case '[?]':
        return this.#indexedPath(node.args[0], node.args[1], scope);
      case 'rcall':
        return node.args[0] === 'orValue' ? this.pathOf(node.args[1], scope) : undefined;
      default:
        return undefined;
    }
  }

  /** The items of a list or the keys of a map. */
  itemsOf(node: ASTNode, scope: Scope): readonly Item[] {
    const loop = iteration(node);
    if (loop?.macro === 'filter' || loop?.macro === 'map') {
      const kept = this.itemsOf(loop.receiver, scope).flatMap((item) => this.#filtered(item, loop, scope));
      const { transform } = loop;
      if (transform === undefined) return kept;
      return kept.map((item) => {
        const inner = new Map(scope).set(loop.variable, item);
        return { value: this.valueOf(transform, inner), path: this.pathOf(transform, inner), because: item.because };
      });
    }
    const value = this.valueOf(node, scope);
    const path = this.pathOf(node, scope);
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => ({
        value: item,
        path: path === undefined ? undefined : `${path}[${index}]`,
        because: [],
      }));
    }
    if (!(value instanceof Map)) return [];
    return [...value.keys()].map((key: unknown) => ({ value: key, path: path === undefined ? undefined : `keys(${path})`, because: [] }));
  }

  #part(node: ASTNode): ParseResult {
    let part = this.#parts.get(node);
    if (part === undefined) {
      part = this.#environment.parse(serialize(node));
      this.#parts.set(node, part);
    }
    return part;
  }

  #filtered(item: Item, { predicate, variable }: { predicate: ASTNode | undefined; variable: string }, scope: Scope): readonly Item[] {
    if (predicate === undefined) return [item];
    const inner = new Map(scope).set(variable, item);
    if (this.valueOf(predicate, inner) !== true) return [];
    return [{ ...item, because: [...item.because, { node: predicate, scope: inner }] }];
  }

  #indexedPath(base: ASTNode, index: ASTNode, scope: Scope): string | undefined {
    const key = this.valueOf(index, scope);
    const path = this.pathOf(base, scope);
    if (path === undefined) return typeof key === 'bigint' ? this.itemsOf(base, scope)[Number(key)]?.path : undefined;
    if (typeof key === 'bigint') return `${path}[${key}]`;
    return typeof key === 'string' ? `${path}[${JSON.stringify(key)}]` : undefined;
  }
}
