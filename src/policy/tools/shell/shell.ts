import type { ShellRule } from '../../../core/tool-policy.ts';
import { matchesGlob } from '../../glob.ts';
import type { ArgumentNode } from '../values/argument-tree.ts';
import type { ArgumentCheck } from '../values/constraints.ts';
import { select } from '../values/select.ts';
import { shellWords } from './words.ts';

/** Compiles which commands may run into a check of the arguments. A list is taken for the words of one command. */
export function shellCheck(rule: ShellRule): ArgumentCheck {
  return (root) =>
    rule.arguments.flatMap((place) =>
      select(root, place).flatMap((node) => {
        const problem = nodeProblem(node, rule);
        return problem === undefined ? [] : [{ id: 'shell', path: node.path, message: `${node.path} ${problem}` }];
      }),
    );
}

function nodeProblem(node: ArgumentNode, { programs }: ShellRule): string | undefined {
  if (typeof node.value === 'string') {
    const read = shellWords(node.value);
    return 'problem' in read ? read.problem : wordsProblem(read.words, programs);
  }
  if (node.kind !== 'array') return 'is no command';
  const words = node.children.map(([, { value }]) => value);
  return words.every((word) => typeof word === 'string') ? wordsProblem(words, programs) : 'is no command';
}

/** Why a command must not run; undefined when it may. */
export function wordsProblem(words: readonly string[], programs: ShellRule['programs']): string | undefined {
  const [name, ...rest] = words;
  if (name === undefined) return 'is empty';
  const program = programs.find((candidate) => candidate.name === name);
  if (program === undefined) return `runs ${name.slice(0, 80)}, which is not allowed`;
  if (rest.length > program.maxArguments) return `has more than ${program.maxArguments} arguments`;
  if (program.subcommands !== undefined && !program.subcommands.includes(rest[0] ?? '')) {
    return `runs ${name} ${(rest[0] ?? '').slice(0, 80)}, which is not allowed`;
  }
  if (program.flags === undefined) return undefined;
  const { flags } = program;
  const foreign = rest.find((word) => /^[-+]|^\/[A-Za-z?]$/.test(word) && !flags.some((flag) => matchesFlag(word, flag)));
  return foreign === undefined ? undefined : `has ${foreign.slice(0, 80)}, which is not among the flags that are allowed`;
}

function matchesFlag(word: string, flag: string): boolean {
  if (!flag.includes('*')) return word === flag;
  // Why the slashes go: the star of a flag takes any value, also a path.
  return matchesGlob(word.replaceAll('/', ' '), flag.replaceAll('/', ' '));
}
