import type { Rule } from '../../core/rule.ts';

/** What the TensorFlow Lite scanner finds. */
export const TFLITE_RULES = [
  {
    id: 'tflite.bounds',
    title: 'Reference out of bounds',
    severity: 'high',
    why: 'The interpreter follows numbers and offsets of the model without looking and reads or writes memory outside of it.',
    fix: 'Do not load the model. Convert it again from its source.',
    maps: ['CWE-125', 'CWE-787', 'CVE-2020-15211'],
  },
  {
    id: 'tflite.recursion',
    title: 'Subgraph that runs itself',
    severity: 'high',
    why: 'The interpreter runs subgraphs by recursion: one that reaches itself exhausts the stack of the process.',
    fix: 'Do not load the model. Convert it again from its source.',
    maps: ['CWE-674', 'CVE-2021-29591'],
  },
  {
    id: 'tflite.tensor-size',
    title: 'Tensor shape and data do not agree',
    severity: 'high',
    why: 'The interpreter allocates by the shape and copies by the data: where the two differ, it reads or writes out of bounds.',
    fix: 'Do not load the model. Convert it again from its source.',
    maps: ['CWE-190', 'CWE-125'],
  },
  {
    id: 'tflite.external-path',
    title: 'Buffers lie in a file outside of the model folder',
    severity: 'high',
    why: 'The interpreter opens the file that the model names and maps it into its tensors.',
    fix: 'Ask for a model whose buffers lie in one file, or beside it under a plain name.',
    maps: ['CWE-22', 'OWASP-LLM03:2025'],
  },
  {
    id: 'tflite.dangerous-operator',
    title: 'TensorFlow operator that reaches beyond the computation',
    severity: 'high',
    why: 'Through the Flex delegate the model runs TensorFlow operators that read and write files or call Python.',
    fix: 'Do not load the model. Ask for one whose graph only computes.',
    maps: ['CWE-73', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
  {
    id: 'tflite.custom-operator',
    title: 'Custom operator',
    severity: 'medium',
    why: 'A custom operator runs native code that the application registers and that this scan has not seen.',
    fix: 'Find out which library implements the operator and review it, or convert the model with built-in operators.',
    maps: ['CWE-829', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
] as const satisfies readonly Rule[];

export type TfliteRuleId = (typeof TFLITE_RULES)[number]['id'];
