import { limitReached, type Budget } from '../../core/budget.ts';
import type { Severity } from '../../core/severity.ts';
import { judge } from './behaviour.ts';
import type { JinjaRuleId } from './rules.ts';
import { concat, constant, join, type MacroValue, piecesOf, textOf, type Trigger, type Value } from './value.ts';

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

/** The state of one template’s abstract evaluation: variables, output, and what was found. */
export class Analysis {
  /** Above zero while it is open whether the statement runs: assignments then keep the old value too. */
  weak = 0;
  readonly activeMacros: MacroValue[] = [];
  readonly #reports = new Map<string, Report>();
  readonly #scopes: Map<string, Value>[] = [new Map()];
  readonly #captures: { value: Value }[] = [];
  readonly #watches: Watch[] = [];
  readonly #budget: Budget;
  #steps = 0;
  #muted = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
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
