import type { PythonImport, PythonUse } from './module.ts';
import type { RunsAt, Scope } from './scope.ts';
import type { Value } from './value.ts';

/** Why: far above any honest file; a generated one must not grow the analysis without bound. */
const MAX_USES = 50_000;
const MAX_TEXTS = 2_000;

/** Collects what the expression and statement readers see. */
export class Recorder {
  readonly imports: PythonImport[] = [];
  readonly uses: PythonUse[] = [];
  readonly texts = new Set<string>();
  readonly functions: { name: string; owner: string }[] = [];
  cut = false;
  /** True inside `if __name__ == "__main__":`. */
  asProgram = false;
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  text(text: string): void {
    if (this.texts.size < MAX_TEXTS) this.texts.add(text.slice(0, 512));
  }

  call(callee: Value, line: number, inputs: readonly Value[], keywords: readonly string[]): void {
    this.#use(callee.paths, true, line, inputs, keywords);
  }

  reference(value: Value, line: number): void {
    const paths = value.paths.filter((path) => !path.startsWith('~') && !path.includes('(') && path.includes('.'));
    if (paths.length > 0) this.#use(paths, false, line, [], []);
  }

  #use(callee: readonly string[], called: boolean, line: number, inputs: readonly Value[], keywords: readonly string[]): void {
    if (callee.length === 0) return;
    if (this.uses.length >= MAX_USES) {
      this.cut = true;
      return;
    }
    const level = this.#scope.current;
    const runsAt: RunsAt = this.asProgram && level.runsAt === 'import' ? 'main' : level.runsAt;
    const enclosing = this.#scope.levels.findLast((one) => one.kind === 'function');
    const owner = this.#scope.levels.findLast((one) => one.kind === 'class');
    this.uses.push({
      callee,
      called,
      line,
      runsAt,
      within: enclosing?.owner ?? '',
      owner: owner?.owner ?? '',
      texts: distinct(inputs, (value) => value.texts),
      first: inputs[0]?.text,
      keywords,
      sources: distinct(inputs, (value) => value.sources),
      passed: distinct(inputs, (value) => value.paths),
    });
  }
}

function distinct(values: readonly Value[], part: (value: Value) => readonly string[]): readonly string[] {
  if (values.length === 0) return [];
  return [...new Set(values.flatMap(part))].slice(0, 32);
}
