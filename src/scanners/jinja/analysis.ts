import { limitReached, type Budget } from '../../core/budget.ts';
import type { Severity } from '../../core/severity.ts';
import { judge } from './behaviour.ts';
import type { JinjaRuleId } from './rules.ts';
import { concat, constant, join, type MacroValue, piecesOf, same, textOf, type Trigger, type Value, type Values } from './value.ts';

/** What was found in one template. */
export interface Report {
  readonly rule: JinjaRuleId;
  readonly key: string;
  readonly message: string;
  /** Position in the template, in UTF-16 units. */
  readonly offset: number;
  readonly severity?: Severity;
}

/** Text that is put into the prompt while a condition on the user’s words holds. */
interface Watch {
  readonly triggers: readonly Trigger[];
  readonly offset: number;
  text: string;
}

const MAX_STEPS = 1_000_000;
/** Beyond this, loops and macros are followed once and no more: what is left is checked, but less is known of it. */
const FULL_STEPS = 25_000;
const MAX_WATCHED = 20_000;

/** How a macro is run. Passed in, because statements need expressions and only calls need statements. */
type MacroRunner = (analysis: Analysis, macro: MacroValue, args: Values) => Value;

/** The state of one template’s abstract evaluation: variables, output, and what was found. */
export class Analysis {
  /** Above zero while it is open whether the statement runs: assignments then keep the old value too. */
  weak = 0;
  readonly activeMacros: MacroValue[] = [];
  readonly #reports = new Map<string, Report>();
  readonly #scopes: Map<string, Value>[] = [new Map()];
  readonly #captures: { value: Value }[] = [];
  readonly #watches: Watch[] = [];
  readonly #changes: Map<Map<string, Value>, Set<string>>[] = [];
  readonly #budget: Budget;
  readonly #runMacro: MacroRunner;
  #steps = 0;
  #muted = 0;

  constructor(budget: Budget, runMacro: MacroRunner) {
    this.#budget = budget;
    this.#runMacro = runMacro;
  }

  /** What a macro puts out for these arguments. */
  callMacro(macro: MacroValue, args: Values): Value {
    return this.#runMacro(this, macro, args);
  }

  get reports(): readonly Report[] {
    return [...this.#reports.values()];
  }

  /** True while there is room to follow loops and macros in full. */
  get isThorough(): boolean {
    return this.#steps < FULL_STEPS;
  }

  step(): void {
    this.#steps++;
    if (this.#steps % 1024 === 0) this.#budget.charge('steps', 1024);
    if (this.#steps > MAX_STEPS) throw limitReached('steps', MAX_STEPS);
  }

  report(rule: JinjaRuleId, key: string, message: string, offset: number, severity?: Severity): void {
    const identity = `${rule} ${key}`;
    if (this.#reports.has(identity) || this.#reports.size >= 200) return;
    this.#reports.set(identity, { rule, key: key.slice(0, 120), message: message.slice(0, 400), offset, ...(severity && { severity }) });
  }

  lookup(name: string): Value | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const value = this.#scopes[i]?.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  assign(name: string, value: Value): void {
    const old = this.weak > 0 ? this.lookup(name) : undefined;
    this.#scopes.at(-1)?.set(name, old === undefined ? value : join([old, value]));
  }

  /** Assigns an attribute of a namespace, which outlives the scope it is assigned in. */
  put(entries: Map<string, Value>, name: string, value: Value): void {
    const old = entries.get(name);
    const next = this.weak > 0 && old !== undefined ? join([old, value]) : value;
    entries.set(name, next);
    if (old !== undefined && same(old, next)) return;
    for (const changes of this.#changes) changes.set(entries, (changes.get(entries) ?? new Set()).add(name));
  }

  /** Which attributes of namespaces get another value while `run` runs. */
  changesOf(run: () => void): ReadonlyMap<Map<string, Value>, ReadonlySet<string>> {
    const changes = new Map<Map<string, Value>, Set<string>>();
    this.#changes.push(changes);
    try {
      run();
    } finally {
      this.#changes.pop();
    }
    return changes;
  }

  /** Declares a name in the innermost scope, whatever it was outside. */
  declare(name: string, value: Value): void {
    this.#scopes.at(-1)?.set(name, value);
  }

  scoped<T>(run: () => T): T {
    this.#scopes.push(new Map());
    try {
      return run();
    } finally {
      this.#scopes.pop();
    }
  }

  /** Runs something of which it is open whether it runs. */
  weakly(run: () => void): void {
    this.weak++;
    try {
      run();
    } finally {
      this.weak--;
    }
  }

  /** Runs something without its output. */
  muted(run: () => void): void {
    this.#muted++;
    try {
      run();
    } finally {
      this.#muted--;
    }
  }

  /** What `run` puts out, as one text. */
  capture(run: () => void): Value {
    const buffer = { value: constant('') };
    this.#captures.push(buffer);
    const muted = this.#muted;
    this.#muted = 0;
    try {
      run();
    } finally {
      this.#captures.pop();
      this.#muted = muted;
    }
    return buffer.value;
  }

  emit(value: Value): void {
    if (this.#muted > 0) return;
    const buffer = this.#captures.at(-1);
    if (buffer !== undefined) buffer.value = concat(buffer.value, value);
    for (const watch of this.#watches) {
      if (watch.text.length < MAX_WATCHED) watch.text += piecesOf(value).join(' … ');
    }
  }

  /** Counts a text as put out under the conditions that are watched: for values that are stored first. */
  noteText(value: Value): void {
    if (value.kind !== 'text' && textOf(value) === undefined) return;
    for (const watch of this.#watches) {
      if (watch.text.length < MAX_WATCHED) watch.text += ` ${piecesOf(value).join(' … ')} `;
    }
  }

  /** Runs the body of a condition on `triggers` and judges what it puts out. */
  watched(triggers: readonly Trigger[], offset: number, run: () => void): void {
    if (triggers.length === 0) return run();
    const watch: Watch = { triggers, offset, text: '' };
    this.#watches.push(watch);
    try {
      run();
    } finally {
      this.#watches.pop();
    }
    const reason = judge(watch.triggers, watch.text);
    if (reason !== undefined) this.report('jinja.hidden-instruction', reason.key, reason.message, offset);
  }
}
