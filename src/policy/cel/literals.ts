import type { ASTNode } from '@marcbachmann/cel-js';
import { FORMATS } from '../../core/format.ts';
import { SEVERITIES } from '../../core/severity.ts';
import { Completeness, Verdict } from '../../core/verdict.ts';
import { children } from './syntax.ts';

/** Fields that only ever hold one of a few words. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  severity: SEVERITIES,
  verdict: Verdict.options,
  completeness: Completeness.options,
  baseline: ['new', 'unchanged', ''],
  format: [...FORMATS, ''],
};

/** A string that a condition compares a field with. */
export interface ComparedLiteral {
  readonly field: string;
  readonly literal: string;
}

/** All strings that a checked expression compares fields with, by `==`, `!=` or `in [...]`. */
export function comparedLiterals(node: ASTNode): readonly ComparedLiteral[] {
  return [...ownComparison(node), ...children(node).flatMap(comparedLiterals)];
}

/** A comparison with a word that a field never holds, and the words it may hold. Why: `severity == "critcal"` would never fire. */
export function impossibleComparison(node: ASTNode): (ComparedLiteral & { readonly words: readonly string[] }) | undefined {
  for (const { field, literal } of comparedLiterals(node)) {
    const words = WORDS[field];
    if (words !== undefined && !words.includes(literal)) return { field, literal, words };
  }
  return undefined;
}

function ownComparison(node: ASTNode): readonly ComparedLiteral[] {
  if (node.op !== '==' && node.op !== '!=' && node.op !== 'in') return [];
  const [left, right] = node.args;
  return [...pair(left, right), ...pair(right, left)];
}

function pair(fieldSide: ASTNode, literalSide: ASTNode): readonly ComparedLiteral[] {
  const field = inputField(fieldSide);
  if (field === undefined) return [];
  const literals = literalSide.op === 'list' ? literalSide.args : [literalSide];
  return literals.flatMap((item) => (item.op === 'value' && typeof item.args === 'string' ? [{ field, literal: item.args }] : []));
}

/** The name of a field of a finding or an artifact, or of `completeness`. Evidence and facts may hold any word under the same name. */
function inputField(node: ASTNode): string | undefined {
  if (node.op === 'id' && node.args === 'completeness') return node.args;
  if (node.op !== '.') return undefined;
  const [owner, field] = node.args;
  // Set by the library when it checks the expression; where it is missing there is only less advice.
  const type = (owner as { readonly checkedType?: { readonly name?: string } }).checkedType?.name;
  return type === 'Finding' || type === 'Artifact' ? field : undefined;
}
