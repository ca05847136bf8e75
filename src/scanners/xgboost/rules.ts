import type { Rule } from '../../core/rule.ts';

/** What can be wrong with a model of trees. */
export const XGBOOST_RULES = [
  {
    id: 'xgboost.tree-bounds',
    title: 'Tree refers outside itself',
    severity: 'high',
    why: 'Prediction follows the references without checking them: the process reads memory that is not the model’s.',
    fix: 'Do not load it. Take the model from its publisher again, or train it again.',
    maps: ['CWE-125', 'CWE-129'],
  },
  {
    id: 'xgboost.trailing-data',
    title: 'Data behind the model',
    severity: 'medium',
    why: 'XGBoost ignores what follows the model, so it is a hiding place.',
    fix: 'Load the model and save it again.',
    maps: ['CWE-1286'],
  },
  {
    id: 'xgboost.legacy-binary',
    title: 'Old binary model',
    severity: 'low',
    why: 'The old reader trusts every size in the file; current releases have removed it.',
    fix: 'Load it with XGBoost 2 in a sandbox and save it as UBJSON or JSON.',
    maps: ['CWE-20'],
  },
] as const satisfies readonly Rule[];
