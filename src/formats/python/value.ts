/** Why 8 and 24: enough for every honest alias and argument list; hostile ones must not grow the analysis. */
const MAX_ALTERNATIVES = 8;
const MAX_PARTS = 24;
const MAX_PATH = 200;

/** What is known of the value of an expression without running it. */
export interface Value {
  /** Dotted names it may stand for: `os.system`; `~x` for a name not resolved; `f()` for the result of calling `f`. */
  readonly paths: readonly string[];
  /** Its text when it is a constant. */
  readonly text?: string;
  /** Callees whose results went into it. */
  readonly sources: readonly string[];
  /** Constants inside it: the items of a list, the parts of a sum. */
  readonly texts: readonly string[];
}

/** A value of which nothing is known. */
export const UNKNOWN: Value = { paths: [], sources: [], texts: [] };

/** A constant. */
export function textValue(text: string): Value {
  return { paths: [], text, sources: [], texts: [text.slice(0, 512)] };
}

/** A value known by these names. */
export function pathValue(...paths: string[]): Value {
  return { paths, sources: [], texts: [] };
}

/** Any one of these values, or something made of all of them. */
export function mergeValues(values: readonly Value[]): Value {
  if (values.length === 1) return values[0]!;
  const paths = new Set<string>();
  const sources = new Set<string>();
  const texts = new Set<string>();
  for (const value of values) {
    for (const path of value.paths) if (paths.size < MAX_ALTERNATIVES) paths.add(path);
    for (const source of value.sources) if (sources.size < MAX_PARTS) sources.add(source);
    for (const text of value.texts) if (texts.size < MAX_PARTS) texts.add(text);
  }
  return { paths: [...paths], sources: [...sources], texts: [...texts] };
}

/** Something made of these values that is none of them: only what went into it is kept. */
export function mixedValue(values: readonly Value[]): Value {
  const { sources, texts } = mergeValues([UNKNOWN, ...values]);
  return { paths: [], sources, texts };
}

/** Attributes that lead from any object to the modules behind it. */
const WAYS_OUT = new Set(['__subclasses__', '__globals__', '__builtins__']);

/** The attribute `name` of a value. */
export function attributeOf(value: Value, name: string): Value {
  if (WAYS_OUT.has(name) && value.paths.length === 0) return { ...value, paths: [`<object>.${name}`] };
  const paths = value.paths.map((path) => (name === '__dict__' || name === '__call__' ? path : `${path}.${name}`)).filter(fits);
  return { paths, sources: value.sources, texts: value.texts };
}

/** The result of calling a value with these arguments, when nothing better is known of the callee. Names passed in count as sources. */
export function resultOf(callee: Value, inputs: readonly Value[]): Value {
  const { sources, texts } = mixedValue([callee, ...inputs]);
  const known = [callee, ...inputs].flatMap((value) => value.paths).filter((path) => !path.startsWith('~') && !path.startsWith('.'));
  return {
    paths: callee.paths.map((path) => `${path}()`).filter(fits),
    sources: [...new Set([...known, ...sources])].slice(0, MAX_PARTS),
    texts,
  };
}

function fits(path: string): boolean {
  return path.length <= MAX_PATH;
}
