import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../../formats/bytes/read.ts';
import { readLines } from '../../formats/lightgbm/lines.ts';
import { DATASET_TOKEN } from '../../formats/lightgbm/signature.ts';
import { type TreeLines, treeFault } from './tree.ts';

const LIGHTGBM_RULES = [
  {
    id: 'lightgbm.tree-bounds',
    title: 'Tree refers outside itself',
    severity: 'high',
    why: 'LightGBM follows the references of a text model without checking them: the process reads and writes memory that is not the model’s.',
    fix: 'Do not load it. Take the model from its publisher again, or train it again.',
    maps: ['CWE-125', 'CWE-129', 'CWE-787'],
  },
] as const;

type LightgbmObservation = Observation<(typeof LIGHTGBM_RULES)[number]['id']>;

const REFERRING: ReadonlySet<string> = new Set(['num_leaves', 'split_feature', 'left_child', 'right_child']);

/** Checks LightGBM text models: trees that stay inside themselves. */
export const lightgbmScanner = fileScanner({
  id: 'lightgbm',
  title: 'LightGBM models',
  rules: LIGHTGBM_RULES,
  accepts: (subject) => subject.format === 'lightgbm' && !subject.opaque,
  *inspect({ source, head }, context) {
    if (!hasBytes(head, DATASET_TOKEN)) yield* inspectModel(source, context);
  },
});

function* inspectModel(source: ByteSource, context: ScanContext): Iterable<LightgbmObservation> {
  let maxFeature = Number.POSITIVE_INFINITY;
  let tree: Map<string, string> | undefined;
  let trees = 0;
  for (const line of readLines(source)) {
    context.budget.charge('steps', 1 + line.length);
    const [key = '', value = ''] = splitOnce(line.trimEnd());
    if (key === 'Tree' || key === 'end of trees') {
      yield* inspectTree(tree, trees, maxFeature);
      tree = new Map();
      if (key === 'end of trees') break;
      trees++;
    } else if (tree && REFERRING.has(key)) tree.set(key, value);
    else if (!tree && key === 'max_feature_idx') maxFeature = Number(value);
    else if (!tree && key === 'objective') context.fact('objective', value.slice(0, 60), 'declared');
  }
  if (tree !== undefined && tree.size > 0) yield* inspectTree(tree, trees, maxFeature);
  context.fact('trees', trees);
}

function* inspectTree(tree: TreeLines | undefined, number: number, maxFeature: number): Iterable<LightgbmObservation> {
  const fault = tree && treeFault(tree, maxFeature);
  // Why not the number of the tree in the key: one broken writer breaks them all in the same way.
  if (fault) yield { rule: 'lightgbm.tree-bounds', key: fault.key, message: `Tree ${number - 1} is broken: ${fault.message}.` };
}

function splitOnce(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
