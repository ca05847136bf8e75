import { CordonError } from '../../core/errors.ts';
import { type CharSet, contains } from './char-set.ts';
import { compileContext, contextReach, type ContextTest } from './context.ts';
import { compileLinear, type LinearMatcher } from './linear/linear-matcher.ts';
import { firstSet } from './first-set.ts';
import { parseRegex } from './parse-regex.ts';
import type { PatternDefinition } from './pattern.ts';
import { placeTable } from './place-table.ts';
import type { RegexNode } from './regex-ast.ts';
import { alphabet, patternBounds } from './regex-bounds.ts';
import { prefixSource, regexSource } from './regex-source.ts';
import { refuse } from './refuse.ts';
import { buildAutomaton, type Trigger, type TriggerAutomaton } from './trigger-automaton.ts';
import { gatherTriggers, type TriggerGuards } from './trigger-guards.ts';

/** A pattern ready to run. */
export interface CompiledPattern {
  readonly definition: PatternDefinition;
  readonly anchor: 'start' | 'inside' | 'context';
  /** Matches at one place. Made on first use, as the next two are: most patterns meet no trigger for a long time. */
  readonly regexHere: RegExp;
  /** Matches where a match could go on beyond the end of the text. */
  readonly prefix: RegExp;
  /** The same, at one place only. */
  readonly prefixHere: RegExp;
  readonly minLength: number;
  readonly maxLength: number;
  readonly alphabet: CharSet;
  /** What a match can begin with. */
  readonly first: CharSet;
  /** What may stand at the first places of a match, see {@link placeTable}. */
  readonly places: Uint8Array;
  readonly context: ContextTest | undefined;
  readonly contextReach: number;
  /** Matches a user's pattern; `regexHere` is not used then. */
  readonly linear: LinearMatcher | undefined;
  /** Does not begin in the middle of a word. */
  readonly atBoundary: boolean;
}

/** Patterns compiled together: one automaton finds the triggers of all of them. */
export interface PatternSet {
  readonly patterns: readonly CompiledPattern[];
  /** Those that are looked for, by their place in the list; see {@link selectPatterns}. */
  readonly members: readonly number[];
  readonly automaton: TriggerAutomaton;
  readonly triggers: readonly Trigger[];
  readonly guards: TriggerGuards;
  /** Patterns of each trigger. */
  readonly owners: readonly (readonly number[])[];
  /** How far behind the end of each trigger a match may still start that it announces; negative when the match must hold the trigger. */
  readonly lastStart: Int32Array;
  readonly maxLength: number;
  /** Room for one number for each pattern during a search. */
  readonly tried: Int32Array;
  /** Patterns of users, which have no triggers. */
  readonly linear: readonly number[];
}

/** Compiles patterns; throws `config.invalid` for one that is unbounded, unreadable or whose parts contradict each other. */
export function compilePatterns(definitions: readonly PatternDefinition[]): PatternSet {
  const patterns = definitions.map((definition) => compilePattern(definition));
  const { triggers, guards, owners } = gatherTriggers(patterns);
  return {
    patterns,
    members: [...patterns.keys()],
    linear: [...patterns.keys()].filter((index) => patterns[index]!.linear !== undefined),
    triggers,
    guards,
    automaton: buildAutomaton(triggers),
    owners,
    lastStart: Int32Array.from(
      triggers,
      ({ text }, trigger) =>
        Math.max(...owners[trigger]!.map((owner) => (patterns[owner]!.anchor === 'context' ? patterns[owner]!.contextReach + 1 : 0))) -
        text.length,
    ),
    tried: new Int32Array(patterns.length),
    maxLength: Math.max(1, ...patterns.map(({ maxLength }) => maxLength)),
  };
}

/** Some patterns of a set: what is large is shared, and their places in the list stay. */
export function selectPatterns(set: PatternSet, wanted: (definition: PatternDefinition) => boolean): PatternSet {
  const isWanted = set.patterns.map(({ definition }) => wanted(definition));
  const among = (list: readonly number[]): readonly number[] => list.filter((index) => isWanted[index]);
  const owners = set.owners.map(among);
  const outputs = set.automaton.outputs.map((triggers) => triggers.filter((trigger) => owners[trigger]!.length > 0));
  return { ...set, members: among(set.members), linear: among(set.linear), owners, automaton: { ...set.automaton, outputs } };
}

function compilePattern(definition: PatternDefinition): CompiledPattern {
  const { source } = definition;
  const tree = parseRegex(source, { ignoreCase: definition.ignoreCase ?? false });
  const bounds = patternBounds(tree, source);
  if (definition.linear !== true) checkLooks(tree, source, true);
  const anchor = definition.anchor ?? 'inside';
  const linear = definition.linear === true ? compileLinear(source, { ignoreCase: definition.ignoreCase ?? false }) : undefined;
  if (definition.triggers.length === 0 && linear === undefined)
    throw new CordonError('config.invalid', `The pattern ${definition.id} has no trigger.`);
  if (anchor === 'context' && definition.context === undefined) {
    throw new CordonError('config.invalid', `The pattern ${definition.id} waits for a context that it does not have.`);
  }
  let regexHere: RegExp | undefined;
  let prefix: RegExp | undefined;
  let prefixHere: RegExp | undefined;
  const first = firstSet(tree);
  return {
    definition,
    linear,
    anchor,
    get regexHere() {
      return (regexHere ??= new RegExp(regexSource(tree), 'y'));
    },
    get prefix() {
      return (prefix ??= new RegExp(prefixSource(tree), 'g'));
    },
    get prefixHere() {
      return (prefixHere ??= new RegExp(prefixSource(tree), 'y'));
    },
    minLength: bounds.min,
    maxLength: bounds.max,
    alphabet: alphabet(tree),
    first,
    places: placeTable(tree),
    context: definition.context === undefined ? undefined : compileContext(definition.context),
    contextReach: definition.context === undefined ? 0 : contextReach(definition.context),
    atBoundary: startsAtBoundary(tree),
  };
}

function startsAtBoundary(tree: RegexNode): boolean {
  const first = tree.kind === 'sequence' ? tree.items[0] : tree;
  if (first?.kind !== 'look' || first.direction !== 'behind' || !first.negative) return false;
  return ['a', 'z', 'A', 'Z', '0', '9'].every((letter) => contains(first.set, letter.charCodeAt(0)));
}

/** Why: where a stream ends, the code unit before an unread one is unknown, so a pattern may look back only at its own beginning. */
function checkLooks(tree: RegexNode, source: string, atStart: boolean): void {
  if (tree.kind === 'look' && tree.direction === 'behind' && !atStart) throw refuse(source, 0, 'it looks back from its middle');
  if (tree.kind === 'sequence') {
    let leading = atStart;
    for (const item of tree.items) {
      checkLooks(item, source, leading);
      leading &&= item.kind === 'look' || item.kind === 'boundary';
    }
  }
  if (tree.kind === 'choice') for (const option of tree.options) checkLooks(option, source, atStart);
  if (tree.kind === 'repeat') checkLooks(tree.body, source, false);
}
