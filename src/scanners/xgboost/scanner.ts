import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { walkUbjson } from '../../formats/ubjson/walk.ts';
import { isOldBinary, isUbjson } from '../../formats/xgboost/signature.ts';
import { type Tree, treeFault } from './tree.ts';
import { XGBOOST_RULES } from './rules.ts';

type XgboostObservation = Observation<(typeof XGBOOST_RULES)[number]['id']>;

const TREE_ARRAYS: ReadonlySet<string> = new Set(['left_children', 'right_children', 'split_indices']);

/** Checks XGBoost models: whole structure, and trees that stay inside themselves. */
export const xgboostScanner = fileScanner({
  id: 'xgboost',
  title: 'XGBoost models',
  rules: XGBOOST_RULES,
  accepts: (subject) => subject.format === 'xgboost',
  *inspect({ source, head }, context) {
    if (isUbjson(head)) yield* inspectUbjson(source, context);
    else if (isOldBinary(head)) {
      yield {
        rule: 'xgboost.legacy-binary',
        key: 'binary',
        message: 'This is a model in the old binary form, which XGBoost no longer reads.',
      };
    }
  },
});

function* inspectUbjson(source: ByteSource, context: ScanContext): Iterable<XgboostObservation> {
  const walk = walkUbjson(source, () => context.budget.charge('steps', 4));
  let tree: Tree = { arrays: new Map() };
  let trees = 0;
  let features: number | undefined;
  let faults = 0;
  let end = walk.next();
  for (; end.done !== true; end = walk.next()) {
    const event = end.value;
    if (event.kind === 'numbers' && TREE_ARRAYS.has(event.key)) tree.arrays.set(event.key, event);
    else if (event.kind === 'text' && event.key === 'num_nodes') tree.nodes = Number(event.text);
    else if (event.kind === 'text' && event.key === 'num_feature') features = Math.max(features ?? 0, Number(event.text));
    else if (event.kind === 'text' && event.key === 'objective') context.fact('objective', event.text.slice(0, 60), 'declared');
    else if (event.kind === 'end' && event.key === 'trees' && tree.arrays.size > 0) {
      const fault = treeFault(tree, features, source);
      tree = { arrays: new Map() };
      if (fault !== undefined && faults++ < 10)
        yield { rule: 'xgboost.tree-bounds', key: fault.key, message: `Tree ${trees} is broken: ${fault.message}.` };
      trees++;
    }
  }
  context.fact('trees', trees);
  const size = source.size - end.value;
  if (size <= 0) return;
  context.descend({ name: '<appended>', source: sliceSource(source, end.value, size) });
  yield { rule: 'xgboost.trailing-data', key: 'trailing', message: `${size} bytes lie behind the model.`, at: { offset: end.value } };
}
