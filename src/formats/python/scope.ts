import { UNKNOWN, type Value, pathValue } from './value.ts';

/** Builtins through which code reaches code; every other bare name says nothing by itself. */
const BUILTINS = new Set(
  'eval exec compile open getattr setattr delattr __import__ globals locals vars breakpoint input map filter type object __builtins__'.split(
    ' ',
  ),
);

/** When a piece of code runs: when the file is imported, only when it is run as a program, or when somebody calls it. */
export type RunsAt = 'import' | 'main' | 'call';

/** One level of the program: the module, a class body or a function body. */
export interface Level {
  readonly names: Map<string, Value>;
  readonly globals: Set<string>;
  /** Simple name of the function or class. */
  readonly owner: string;
  readonly kind: 'module' | 'class' | 'function';
  readonly runsAt: RunsAt;
}

/** Name bindings while a file is read from top to bottom. */
export class Scope {
  readonly levels: Level[] = [level('module', '', 'import')];
  /** Modules whose names were all imported by `*`. */
  readonly #stars: string[] = [];

  get current(): Level {
    return this.levels.at(-1)!;
  }

  /** Notes `from module import *`. Why 8: each one is another thing that every unknown name may be. */
  importAll(module: string): void {
    if (this.#stars.length < 8 && !this.#stars.includes(module)) this.#stars.push(module);
  }

  enter(kind: 'class' | 'function', owner: string): void {
    this.levels.push(level(kind, owner, kind === 'function' ? 'call' : this.current.runsAt));
  }

  leave(): void {
    if (this.levels.length > 1) this.levels.pop();
  }

  /** Binds a name, or a dotted target such as `self.run`. */
  bind(name: string, value: Value): void {
    const target = this.current.globals.has(name) || name.startsWith('~') ? this.levels[0]! : this.current;
    target.names.set(name, value);
  }

  unbind(name: string): void {
    this.current.names.delete(name);
  }

  /** What a bare name stands for here. */
  lookup(name: string): Value {
    for (let at = this.levels.length - 1; at >= 0; at--) {
      const value = this.levels[at]!.names.get(name);
      if (value !== undefined) return value;
    }
    if (BUILTINS.has(name)) return pathValue(name === '__builtins__' ? 'builtins' : `builtins.${name}`);
    if (this.#stars.length > 0) return pathValue(`~${name}`, ...this.#stars.map((module) => `${module}.${name}`));
    return pathValue(`~${name}`);
  }

  /** What a dotted path was bound to by assignment to an attribute, if it was. */
  attribute(path: string): Value {
    return this.levels[0]!.names.get(path) ?? UNKNOWN;
  }
}

function level(kind: Level['kind'], owner: string, runsAt: RunsAt): Level {
  return { names: new Map(), globals: new Set(), owner, kind, runsAt };
}
