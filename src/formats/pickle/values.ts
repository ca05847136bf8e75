/**
 * What the abstract machine knows of an object: enough to say what a stream imports, calls and writes to. Numbers and short
 * texts stand for themselves; everything else is one of these shapes.
 */
export type Value = number | string | Atom | Tuple | Container | Global | Made | Bytes | LongText | Persistent | Lost;

/** A value of which only the sort matters. One shared object each. */
export interface Atom {
  readonly kind: 'none' | 'bool' | 'opaque' | 'extension';
}
export const NONE: Atom = { kind: 'none' };
export const BOOL: Atom = { kind: 'bool' };
/** Nothing is known. Never harmless: as a callee or a name it counts as computed at load time. */
export const OPAQUE: Atom = { kind: 'opaque' };
/** An object of the loader's extension registry. */
export const EXTENSION: Atom = { kind: 'extension' };

/** At most {@link TUPLE_ITEMS} items are kept; `length` tells how many there were. */
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
  readonly length: number;
  readonly weight: number;
}
export const TUPLE_ITEMS = 16;

/** A list, dict or set. Dicts keep the entries that array readers need. */
export interface Container {
  readonly kind: 'list' | 'dict' | 'set';
  /** How many objects a full traversal visits, shared ones each time: finds "billion laughs". */
  weight: number;
  entries?: Map<string, Value>;
}

/** An imported object, names after `fix_imports`. */
export interface Global {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}

/** The result of a call or of `__new__`. */
export interface Made {
  readonly kind: 'made';
  /** What was called; undefined when that was itself computed. */
  readonly by: Global | undefined;
  /** Of a `numpy.dtype`: what array readers need. */
  readonly dtype?: ArrayDtype;
}

/** A numpy dtype as a stream describes it. */
export interface ArrayDtype {
  /** For example `f8`, `<U10`, `V24`, `O8`. */
  readonly code: string;
  /** Structured types say in their state whether a field holds objects. */
  hasObject: boolean;
}

/** A bytes object: where its content lies in the source. */
export interface Bytes {
  readonly kind: 'bytes';
  readonly offset: number;
  readonly length: number;
  /** The content, one character a byte, where it was made from a short text of the stream. */
  readonly content?: string;
}

/** A text too long to keep: where its UTF-8 lies in the source. */
export interface LongText {
  readonly kind: 'text';
  readonly offset: number;
  readonly length: number;
  /** Written as a line of Latin-1 with `\\u` escapes instead. */
  readonly escaped?: true;
}

/** What the loader's `persistent_load` makes of an id. */
export interface Persistent {
  readonly kind: 'persistent';
  readonly id: Value;
}

/** A memo entry that was not kept; a second pass keeps it if it turns out to matter. */
export interface Lost {
  readonly kind: 'lost';
  readonly index: number;
}

/** The weight of a value in a traversal; see `Container.weight`. */
export function weightOf(value: Value): number {
  return typeof value === 'object' && 'weight' in value ? value.weight : 1;
}

/** `module.name` of an imported object. */
export function qualifiedName(global: Global): string {
  return `${global.module}.${global.name}`;
}
