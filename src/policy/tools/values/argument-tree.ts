import { parseJsonStrictly } from './parse-json.ts';

/** Why: deeper, wider or longer arguments are nothing a tool expects, and every check walks all of them. */
const MAX_DEPTH = 32;
const MAX_NODES = 10_000;
const MAX_CHARACTERS = 1_000_000;

export type Primitive = string | number | boolean | null;

/** A value inside the arguments, with its place. */
export interface ArgumentNode {
  readonly path: string;
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';
  /** Absent for lists and objects. */
  readonly value?: Primitive;
  /** Entries; of a string that holds JSON, those of the JSON. */
  readonly children: readonly (readonly [key: string, node: ArgumentNode])[];
  /** Whether the children are those of a list. */
  readonly isList: boolean;
}

/** Arguments that can be judged, or why they cannot. */
export type ArgumentTree = { readonly root: ArgumentNode; readonly nodes: readonly ArgumentNode[] } | { readonly problem: string };

/** Reads the arguments of a call, JSON inside strings too, within limits. Never throws. */
export function argumentTree(value: unknown): ArgumentTree {
  const nodes: ArgumentNode[] = [];
  let characters = 0;

  function visit(item: unknown, path: string, depth: number): ArgumentNode {
    if (depth > MAX_DEPTH) throw new Unreadable(`is nested deeper than ${MAX_DEPTH} levels`);
    if (nodes.length >= MAX_NODES) throw new Unreadable(`has more than ${MAX_NODES} values`);
    const slot = nodes.push(UNFINISHED) - 1;
    const node = nodeOf(item, path, depth);
    nodes[slot] = node;
    return node;
  }

  function nodeOf(item: unknown, path: string, depth: number): ArgumentNode {
    if (item === null) return leaf(path, 'null', null);
    if (typeof item === 'boolean') return leaf(path, 'boolean', item);
    if (typeof item === 'number') {
      if (!Number.isFinite(item)) throw new Unreadable('has a number that JSON cannot carry');
      return leaf(path, 'number', item);
    }
    if (typeof item === 'string') {
      characters += item.length;
      if (characters > MAX_CHARACTERS) throw new Unreadable(`is longer than ${MAX_CHARACTERS} characters`);
      return { path, kind: 'string', value: item, ...jsonInside(item, path, depth) };
    }
    if (Array.isArray(item)) return { path, kind: 'array', children: entries(item, path, depth), isList: true };
    if (typeof item === 'object' && isPlain(item)) return { path, kind: 'object', children: entries(item, path, depth), isList: false };
    throw new Unreadable('has a value that JSON cannot carry');
  }

  function jsonInside(text: string, path: string, depth: number): Pick<ArgumentNode, 'children' | 'isList'> {
    if (!/^\s*[[{"]/.test(text)) return NOTHING;
    const parsed = parseJsonStrictly(text);
    if ('problem' in parsed) {
      if (parsed.problem.includes('twice')) throw new Unreadable(`holds JSON at ${path} that ${parsed.problem}`);
      return NOTHING;
    }
    const inner = visit(parsed.value, path, depth + 1);
    return { children: inner.children, isList: inner.isList };
  }

  function entries(item: object, path: string, depth: number): ArgumentNode['children'] {
    if (Array.isArray(item)) {
      if (item.length > MAX_NODES) throw new Unreadable(`has more than ${MAX_NODES} values`);
      return Array.from(item, (entry: unknown, index) => [String(index), visit(entry, `${path}[${index}]`, depth + 1)] as const);
    }
    return Object.entries(item)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => {
        characters += key.length;
        if (characters > MAX_CHARACTERS) throw new Unreadable(`is longer than ${MAX_CHARACTERS} characters`);
        return [key, visit(entry, `${path}${step(key)}`, depth + 1)] as const;
      });
  }

  try {
    return { root: visit(value, '$', 0), nodes };
  } catch (error) {
    return { problem: error instanceof Unreadable ? error.message : 'cannot be read' };
  }
}

/** Why: a Map or a Date has no entries to judge, and is something else once it is sent. */
function isPlain(item: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(item);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

class Unreadable extends Error {}

const NOTHING = { children: [], isList: false } as const;
const UNFINISHED: ArgumentNode = { path: '', kind: 'null', value: null, ...NOTHING };

function leaf(path: string, kind: ArgumentNode['kind'], value: Primitive): ArgumentNode {
  return { path, kind, value, ...NOTHING };
}

function step(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key.slice(0, 100))}]`;
}
