import type { Expression, Statement } from '../../formats/jinja/ast.ts';
import type { Analysis } from './analysis.ts';
import { evaluate, evaluateFilter } from './evaluate.ts';
import { addressIn } from './behaviour.ts';
import { truth } from './operators.ts';
import {
  constant,
  derive,
  join,
  type MacroValue,
  optionsOf,
  piecesOf,
  text,
  textOf,
  triggersOf,
  unknown,
  type Value,
  type Values,
} from './value.ts';

const MAX_ITERATIONS = 256;
const NO_VALUES: Values = { positional: [], named: new Map() };
const MAX_MACRO_DEPTH = 6;
const MAX_ROUNDS = 5;

/** Runs statements in their abstract sense: all branches are looked at, known ones with effect. */
export function execute(analysis: Analysis, statements: readonly Statement[]): void {
  for (const statement of statements) executeOne(analysis, statement);
}

function executeOne(analysis: Analysis, statement: Statement): void {
  analysis.step();
  switch (statement.type) {
    case 'text':
      return output(analysis, constant(statement.text), statement.offset);
    case 'output':
      return output(analysis, evaluate(analysis, statement.value), statement.offset);
    case 'if':
      return branch(analysis, statement);
    case 'for':
      return loop(analysis, statement);
    case 'set': {
      const value = evaluate(analysis, statement.value);
      analysis.noteText(value);
      return assign(analysis, statement.target, value);
    }
    case 'capture': {
      const captured = analysis.capture(() => analysis.scoped(() => execute(analysis, statement.body)));
      return assign(
        analysis,
        statement.target,
        statement.filter === undefined ? captured : evaluateFilter(analysis, statement.filter, captured),
      );
    }
    case 'macro':
      return declareMacro(analysis, statement);
    case 'call-block':
      return callBlock(analysis, statement);
    case 'filter-block':
      return analysis.emit(
        evaluateFilter(
          analysis,
          statement.filter,
          analysis.capture(() => analysis.scoped(() => execute(analysis, statement.body))),
        ),
      );
    case 'with':
      return analysis.scoped(() => {
        for (const [target, value] of statement.assignments)
          if (target.type === 'name') analysis.declare(target.name, evaluate(analysis, value));
        execute(analysis, statement.body);
      });
    case 'block':
      return analysis.scoped(() => execute(analysis, statement.body));
    case 'load':
      return load(analysis, statement);
    case 'flow':
      return undefined;
  }
}

function output(analysis: Analysis, value: Value, offset: number): void {
  const address = piecesOf(value)
    .map(addressIn)
    .find((found) => found !== undefined);
  if (address !== undefined) {
    analysis.report(
      'jinja.hidden-instruction',
      address.slice(0, 80),
      `The template puts an address into every prompt: ${address.slice(0, 160)}`,
      offset,
    );
  }
  analysis.emit(value);
}

function branch(analysis: Analysis, { test, body, otherwise, offset }: Statement & { type: 'if' }): void {
  const value = evaluate(analysis, test);
  const triggers = triggersOf([value]);
  const known = truth(value);
  const run = (statements: readonly Statement[], taken: boolean | undefined): void => {
    const watched = (): void => analysis.watched(triggers, offset, () => execute(analysis, statements));
    if (taken === true) watched();
    else if (taken === undefined) analysis.weakly(watched);
    else analysis.muted(() => analysis.scoped(() => analysis.weakly(watched)));
  };
  run(body, known);
  run(otherwise, known === undefined ? undefined : !known);
}

function loop(analysis: Analysis, statement: Statement & { type: 'for' }): void {
  const iterable = evaluate(analysis, statement.iterable);
  const items = knownItems(iterable);
  if (items === undefined) {
    const item = elementOf(iterable);
    analysis.weakly(() => settle(analysis, () => iterate(analysis, statement, item, undefined)));
  } else {
    for (const [index, item] of items.entries()) iterate(analysis, statement, item, { index, length: items.length });
    if (items.length === 0) analysis.muted(() => analysis.weakly(() => iterate(analysis, statement, unknown('data'), undefined)));
  }
  analysis.weakly(() => analysis.scoped(() => execute(analysis, statement.otherwise)));
}

/**
 * Runs a round of a loop until nothing that outlives a round changes any more, with its output once; what still changes then may
 * hold anything. Why: a name can be handed on from round to round before it is used.
 */
function settle(analysis: Analysis, round: () => void): void {
  const rounds = analysis.isThorough ? MAX_ROUNDS : 1;
  for (let i = 0; i < rounds; i++) {
    const changes = analysis.changesOf(() => (i === 0 ? round() : analysis.muted(round)));
    if (changes.size === 0) return;
    if (i < rounds - 1) continue;
    for (const [entries, names] of changes) for (const name of names) entries.set(name, blur(entries.get(name)));
  }
  analysis.muted(round);
}

/** A value of which only the kind and the origin are kept. */
function blur(value: Value | undefined): Value {
  const options = value === undefined ? [] : optionsOf(value);
  const isText = options.some((option) => option.kind === 'text' || textOf(option) !== undefined);
  if (isText) return join([derive(options), ...options.slice(0, 4)]);
  return unknown('data', triggersOf(options));
}

function iterate(
  analysis: Analysis,
  statement: Statement & { type: 'for' },
  item: Value,
  position: { index: number; length: number } | undefined,
): void {
  analysis.step();
  analysis.scoped(() => {
    analysis.declare('loop', position === undefined ? { kind: 'object', name: 'loop' } : loopVariable(position.index, position.length));
    declareTarget(analysis, statement.target, item);
    const test = statement.test === undefined ? constant(true) : evaluate(analysis, statement.test);
    analysis.watched(triggersOf([test]), statement.offset, () => execute(analysis, statement.body));
  });
}

function loopVariable(index: number, length: number): Value {
  const numbers = { index0: index, index: index + 1, revindex: length - index, revindex0: length - index - 1, length };
  const entries = new Map<string, Value>(Object.entries(numbers).map(([key, value]) => [key, constant(value)]));
  entries.set('first', constant(index === 0)).set('last', constant(index === length - 1));
  return { kind: 'namespace', entries };
}

function knownItems(iterable: Value): readonly Value[] | undefined {
  const whole = textOf(iterable);
  const items =
    whole !== undefined
      ? [...whole].map((char) => constant(char))
      : iterable.kind === 'list'
        ? [...iterable.items]
        : iterable.kind === 'dict'
          ? [...iterable.entries.keys()].map((key) => constant(key))
          : undefined;
  return items !== undefined && items.length <= MAX_ITERATIONS && !(iterable.kind === 'list' && iterable.loose === true)
    ? items
    : undefined;
}

function elementOf(iterable: Value): Value {
  const elements = optionsOf(iterable).flatMap((option) => knownItems(option) ?? [option.kind === 'unknown' ? option : derive([option])]);
  return elements.length === 0 ? unknown('data') : join(elements);
}

function assign(analysis: Analysis, target: Expression, value: Value): void {
  if (target.type === 'name') return analysis.assign(target.name, value);
  if (target.type === 'list') return unpack(target.items, value, (item, part) => assign(analysis, item, part));
  if (target.type !== 'attribute') return;
  for (const object of optionsOf(evaluate(analysis, target.object))) {
    if (object.kind !== 'namespace') continue;
    analysis.put(object.entries, target.name, value);
  }
}

function declareTarget(analysis: Analysis, target: Expression, value: Value): void {
  if (target.type === 'name') analysis.declare(target.name, value);
  else if (target.type === 'list') unpack(target.items, value, (item, part) => declareTarget(analysis, item, part));
}

function unpack(targets: readonly Expression[], value: Value, put: (target: Expression, part: Value) => void): void {
  for (const [i, target] of targets.entries()) {
    const parts = optionsOf(value).map((option) => {
      if (option.kind === 'list') return option.items[i] ?? constant(null);
      return option.kind === 'unknown' ? option : derive([option]);
    });
    put(target, join(parts));
  }
}

function declareMacro(analysis: Analysis, statement: Statement & { type: 'macro' }): void {
  const macro: MacroValue = { name: statement.name, parameters: statement.parameters, body: statement.body };
  analysis.declare(statement.name, { kind: 'macro', macro });
  // Also a macro that is never called is looked at, and every one with arguments that are not known.
  analysis.muted(() => analysis.weakly(() => callMacro(analysis, macro, NO_VALUES, true)));
}

/** What a macro puts out for these arguments. `declared`: its first look, which nothing skips. */
export function callMacro(analysis: Analysis, macro: MacroValue, args: Values, declared = false): Value {
  const isRecursive = analysis.activeMacros.filter((active) => active === macro).length > 1;
  // Why computed: whoever uses the output of a macro that could not be followed as a name hides that name.
  if (!declared && (isRecursive || analysis.activeMacros.length >= MAX_MACRO_DEPTH || !analysis.isThorough))
    return text(['', ''], 'computed');
  analysis.activeMacros.push(macro);
  try {
    return analysis.capture(() => analysis.scoped(() => runMacro(analysis, macro, args)));
  } finally {
    analysis.activeMacros.pop();
  }
}

function runMacro(analysis: Analysis, { parameters, body }: MacroValue, args: Values): void {
  for (const [i, { name, value }] of parameters.entries()) {
    const given = args.positional[i] ?? args.named.get(name);
    analysis.declare(name, given ?? (value === undefined ? unknown(name === 'content' ? 'content' : 'data') : evaluate(analysis, value)));
  }
  analysis.declare('varargs', { kind: 'list', items: args.positional.slice(parameters.length) });
  analysis.declare('kwargs', { kind: 'dict', entries: new Map(args.named) });
  if (analysis.lookup('caller') === undefined) analysis.declare('caller', text(['', ''], 'data'));
  execute(analysis, body);
}

function callBlock(analysis: Analysis, { call, parameters, body }: Statement & { type: 'call-block' }): void {
  analysis.scoped(() => {
    analysis.declare('caller', { kind: 'macro', macro: { name: 'caller', parameters, body } });
    analysis.muted(() => analysis.scoped(() => execute(analysis, body)));
    analysis.emit(evaluate(analysis, call));
  });
}

function load(analysis: Analysis, { tag, template, offset }: Statement & { type: 'load' }): void {
  const value = evaluate(analysis, template);
  const name = textOf(value) ?? 'a computed name';
  analysis.report('jinja.file-reference', name, `{% ${tag} %} of ${name}`, offset);
}
