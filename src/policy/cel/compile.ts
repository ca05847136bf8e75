import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js';
import type { GateEntry } from '../../core/config.ts';
import type { Effect } from '../../core/decision.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { closestWord } from '../config/closest-word.ts';
import { FIELD_NAMES, VARIABLE_NAMES } from './environment.ts';
import { hasNestedLoop } from './cost.ts';
import { impossibleComparison } from './literals.ts';
import { calledNames } from './syntax.ts';
import { parseTemplate } from './template.ts';

/** A condition, or a part of a message, ready to be evaluated. */
export type Expression = ParseResult;

/** A gate entry, parsed and checked once. */
export interface CompiledEntry {
  readonly id: string;
  readonly effect: Effect;
  readonly condition: Expression;
  /** The parts with loops inside loops, whose cost depends on the input. */
  readonly costly: readonly ASTNode[];
  readonly message: readonly (string | Expression)[];
}

/** Parses and checks one entry. Throws `config.invalid` that says where in the condition and what was probably meant. */
export function compileEntry(entry: GateEntry, effect: 'deny' | 'warn', environment: Environment, where: string): CompiledEntry {
  const condition = compileExpression(entry.when, environment, `${where}: when`);
  const { type } = condition.check();
  if (type !== 'bool' && type !== 'dyn') throw invalid(`${where}: when: must be true or false, but is of type ${type}`);
  const wrong = impossibleComparison(condition.ast);
  if (wrong !== undefined) {
    const words = wrong.words.map((word) => JSON.stringify(word)).join(', ');
    throw invalid(`${where}: when: ${wrong.field} is never ${JSON.stringify(wrong.literal)}; it is one of ${words}`);
  }
  const template = entry.message ?? `The condition holds: ${entry.when.replaceAll('{{', '{ {')}`;
  const message = compileMessage(template, environment, `${where}: message`);
  const expressions = [condition, ...message.filter((part) => typeof part !== 'string')];
  return { id: entry.id, effect, condition, message, costly: expressions.map(({ ast }) => ast).filter((ast) => hasNestedLoop(ast)) };
}

function compileMessage(template: string, environment: Environment, where: string): readonly (string | Expression)[] {
  let parts: ReturnType<typeof parseTemplate>;
  try {
    parts = parseTemplate(template);
  } catch (error) {
    throw invalid(`${where}: ${errorMessage(error)}`, error);
  }
  return parts.map((part) => ('text' in part ? part.text : compileExpression(part.expression, environment, where)));
}

function compileExpression(text: string, environment: Environment, where: string): Expression {
  let parsed: Expression;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    throw problem(where, text, error);
  }
  refuseUnknownFunctions(parsed.ast, environment, where);
  const checked = parsed.check();
  if (!checked.valid) throw problem(where, text, checked.error);
  return parsed;
}

/** Why before the type check: that stumbles over the loop variable of a misspelt `exists`, and blames the variable. */
function refuseUnknownFunctions(ast: ASTNode, environment: Environment, where: string): void {
  const called = calledNames(ast);
  if (called.includes('matches')) {
    // Why: CEL promises regular expressions in linear time; JavaScript's take exponential time on a hostile file name (CWE-1333).
    throw invalid(`${where}: matches() is not available; use glob(text, "pattern"), startsWith(), endsWith() or contains()`);
  }
  const known = new Set(environment.getDefinitions().functions.map(({ name }) => name));
  const unknown = called.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const meant = closestWord(unknown, [...known]);
  throw invalid(`${where}: there is no function ${unknown}()${meant === undefined ? '' : `; did you mean ${meant}()?`}`);
}

function problem(where: string, text: string, error: unknown): CordonError {
  const { summary, range } = error as { summary?: string; range?: { start: number } };
  const told = summary ?? errorMessage(error);
  const place = range === undefined ? '' : ` at character ${range.start + 1} of ${JSON.stringify(text)}`;
  const [, kind, name] = /^(No such key|Unknown variable): (\w+)$/.exec(told) ?? [];
  const meant = name === undefined ? undefined : closestWord(name, kind === 'No such key' ? FIELD_NAMES : VARIABLE_NAMES);
  return invalid(`${where}: ${told}${place}${meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`}`, error);
}

function invalid(message: string, cause?: unknown): CordonError {
  return new CordonError('config.invalid', message, cause === undefined ? undefined : { cause });
}
