import type { RunsAt } from './scope.ts';

/** An import statement: `level` dots, then the module; the names taken from it, or none for a plain import. */
export interface PythonImport {
  readonly module: string;
  readonly level: number;
  readonly names: readonly string[];
  readonly line: number;
}

/** A use of a name that leads out of the file: a call, or a reference that may be called later. */
export interface PythonUse {
  /** Dotted names the callee may stand for: see `Value.paths`. */
  readonly callee: readonly string[];
  readonly called: boolean;
  readonly line: number;
  readonly runsAt: RunsAt;
  /** Simple names of the enclosing function and class. */
  readonly within: string;
  readonly owner: string;
  /** Constants among the arguments. */
  readonly texts: readonly string[];
  /** The first argument, when it is a constant. */
  readonly first: string | undefined;
  readonly keywords: readonly string[];
  /** Callees whose results are among the arguments. */
  readonly sources: readonly string[];
  /** Names that are themselves among the arguments. */
  readonly passed: readonly string[];
}

/** What a source file imports and calls, with names followed through aliases. */
export interface PythonModule {
  readonly imports: readonly PythonImport[];
  readonly uses: readonly PythonUse[];
  /** Constants that stand alone or in data, up to 512 characters each. */
  readonly texts: readonly string[];
  readonly functions: readonly { readonly name: string; readonly owner: string }[];
  readonly encoding: string;
  /** Places where CPython would report a syntax error. */
  readonly errors: number;
  /** True when a bound was reached and later uses were not kept. */
  readonly cut: boolean;
}
