import type { Arguments, Expression } from '../../formats/jinja/ast.ts';
import { access, COMPUTED_KEY, slice } from './access.ts';
import type { Analysis } from './analysis.ts';
import { callFunction, callMethod } from './calls.ts';
import { applyFilter } from './filters.ts';
import { isBuiltIn, isGadget, isInternal, isModule } from './names.ts';
import { binary, compare, truth } from './operators.ts';
import { constant, derive, join, optionsOf, textOf, triggersOf, unknown, type Value, type Values } from './value.ts';

/** What is known of an expression; whatever is suspicious on the way is reported. */
export function evaluate(analysis: Analysis, expression: Expression): Value {
  analysis.step();
  switch (expression.type) {
    case 'constant':
      return constant(expression.value);
    case 'name':
      return name(analysis, expression.name, expression.offset);
    case 'list':
      return { kind: 'list', items: expression.items.map((item) => evaluate(analysis, item)) };
    case 'dict':
      return dict(analysis, expression.pairs);
    case 'attribute':
      return access(analysis, evaluate(analysis, expression.object), constant(expression.name), 'dot', expression.offset);
    case 'subscript':
      return subscript(analysis, evaluate(analysis, expression.object), expression.index, expression.offset);
    case 'slice':
      return unknown('data');
    case 'call':
      return call(analysis, expression.callee, expression.args, expression.offset);
    case 'filter': {
      const operand = expression.operand === undefined ? unknown('data') : evaluate(analysis, expression.operand);
      return applyFilter(analysis, expression.name, operand, evaluateArguments(analysis, expression.args), expression.offset);
    }
    case 'test':
      return evaluateTest(analysis, expression.operand, expression.name, expression.args);
    case 'unary': {
      const operand = evaluate(analysis, expression.operand);
      if (expression.operator === 'not') return negate(operand);
      if (operand.kind === 'constant' && typeof operand.value === 'number')
        return constant(expression.operator === '-' ? -operand.value : operand.value);
      return unknown('data');
    }
    case 'binary': {
      const left = evaluate(analysis, expression.left);
      return binary(analysis, expression.operator, left, evaluate(analysis, expression.right), expression.offset);
    }
    case 'condition':
      return conditional(analysis, expression.test, expression.value, expression.otherwise);
  }
}

/** Values of arguments, with what `*` and `**` unpack. */
export function evaluateArguments(analysis: Analysis, args: Arguments): Values {
  const positional = args.positional.map((value) => evaluate(analysis, value));
  const named = new Map(args.named.map(({ name: key, value }) => [key, evaluate(analysis, value)]));
  for (const value of args.spread.map((expression) => evaluate(analysis, expression))) {
    if (value.kind === 'list') positional.push(...value.items);
    else if (value.kind === 'dict') for (const [key, item] of value.entries) named.set(key, item);
    else positional.push(derive([value]));
  }
  return { positional, named };
}

/** A chain of filters applied to what a block puts out. */
export function evaluateFilter(analysis: Analysis, filter: Expression, operand: Value): Value {
  if (filter.type !== 'filter') return evaluate(analysis, filter);
  const inner = filter.operand === undefined ? operand : evaluateFilter(analysis, filter.operand, operand);
  return applyFilter(analysis, filter.name, inner, evaluateArguments(analysis, filter.args), filter.offset);
}

function name(analysis: Analysis, identifier: string, offset: number): Value {
  const known = analysis.lookup(identifier);
  if (known !== undefined) return known;
  if (isInternal(identifier)) {
    analysis.report('jinja.internal-access', identifier, `Use of ${identifier}`, offset);
    return { kind: 'object', name: identifier };
  }
  if (isGadget(identifier)) analysis.report('jinja.gadget', identifier, `Use of ${identifier}`, offset);
  if (isBuiltIn(identifier) || isGadget(identifier) || isModule(identifier)) return { kind: 'object', name: identifier };
  return unknown(identifier === 'content' ? 'content' : 'data');
}

function dict(analysis: Analysis, pairs: readonly (readonly [Expression, Expression])[]): Value {
  const entries = new Map<string, Value>();
  for (const [key, value] of pairs) {
    const text = textOf(evaluate(analysis, key));
    entries.set(text ?? `${COMPUTED_KEY} ${entries.size}`, evaluate(analysis, value));
  }
  return { kind: 'dict', entries };
}

function subscript(analysis: Analysis, object: Value, index: Expression, offset: number): Value {
  if (index.type !== 'slice') return access(analysis, object, evaluate(analysis, index), 'subscript', offset);
  return slice(
    object,
    [index.start, index.stop, index.step].map((bound) => bound && evaluate(analysis, bound)),
  );
}

function call(analysis: Analysis, callee: Expression, args: Arguments, offset: number): Value {
  const values = evaluateArguments(analysis, args);
  if (callee.type === 'name') return callFunction(analysis, callee.name, name(analysis, callee.name, callee.offset), values, offset);
  const method = methodOf(analysis, callee);
  if (method !== undefined) return callMethod(analysis, method.object, method.name, values, offset);
  return callFunction(analysis, '', evaluate(analysis, callee), values, offset);
}

/** The object and the name of a method that is called, however it is spelt; the access itself is checked too. */
function methodOf(analysis: Analysis, callee: Expression): { object: Value; name: Value } | undefined {
  if (callee.type === 'attribute') {
    const object = evaluate(analysis, callee.object);
    access(analysis, object, constant(callee.name), 'dot', callee.offset);
    return { object, name: constant(callee.name) };
  }
  if (callee.type === 'subscript' && callee.index.type !== 'slice') {
    const object = evaluate(analysis, callee.object);
    const key = evaluate(analysis, callee.index);
    // As strict as a filter: no template calls a method whose name it computes. Some keep macros in lists.
    const isList = optionsOf(object).every((option) => option.kind === 'list');
    access(analysis, object, key, isList ? 'subscript' : 'filter', callee.offset);
    return { object, name: key };
  }
  if (callee.type !== 'filter' || callee.name !== 'attr' || callee.operand === undefined) return undefined;
  const object = evaluate(analysis, callee.operand);
  const [key = constant(null)] = evaluateArguments(analysis, callee.args).positional;
  access(analysis, object, key, 'filter', callee.offset);
  return { object, name: key };
}

function evaluateTest(analysis: Analysis, operand: Expression, testName: string, args: Arguments): Value {
  const value = evaluate(analysis, operand);
  const [argument] = evaluateArguments(analysis, args).positional;
  if (argument === undefined) return unknown('data', triggersOf([value]));
  if (testName === 'in') return compare(analysis, 'in', value, argument);
  return compare(analysis, ['eq', 'equalto', 'sameas', '=='].includes(testName) ? '==' : testName, value, argument);
}

function negate(operand: Value): Value {
  const known = truth(operand);
  return known === undefined ? unknown('data', triggersOf([operand])) : constant(!known);
}

function conditional(analysis: Analysis, condition: Expression, value: Expression, otherwise: Expression | undefined): Value {
  const test = evaluate(analysis, condition);
  const known = truth(test);
  const first = evaluate(analysis, value);
  const second = otherwise === undefined ? constant('') : evaluate(analysis, otherwise);
  analysis.watched(triggersOf([test]), condition.offset, () => {
    analysis.noteText(first);
    analysis.noteText(second);
  });
  return known === undefined ? join([first, second]) : known ? first : second;
}
