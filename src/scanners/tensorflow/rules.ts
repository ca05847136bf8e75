import type { Rule } from '../../core/rule.ts';

const MAPS = ['OWASP-LLM03:2025', 'ATLAS:AML.T0010'] as const;

/** What the TensorFlow scanner finds. */
export const TENSORFLOW_RULES = [
  {
    id: 'tensorflow.file-write',
    title: 'Graph writes a file',
    severity: 'critical',
    why: 'Whoever runs the model writes a file of the attacker’s choice: start scripts, keys, other models. Operators need no approval and no custom code.',
    fix: 'Do not load the model. Ask for one whose graph only computes; rebuild it from its source if you need it.',
    maps: ['CWE-73', 'CWE-94', ...MAPS],
  },
  {
    id: 'tensorflow.file-read',
    title: 'Graph reads a file that is not part of the model',
    severity: 'high',
    why: 'Files of the host become outputs of the model, or travel on through other operators.',
    fix: 'Do not load the model where secrets are. Ask for one that carries its vocabulary and data as assets.',
    maps: ['CWE-73', 'CWE-200', ...MAPS],
  },
  {
    id: 'tensorflow.asset-path',
    title: 'Asset lies outside of the model folder',
    severity: 'high',
    why: 'The loader joins the name of the asset to the assets folder without a check, so the model reads any file of the host.',
    fix: 'Do not load the model. Ask for one whose assets have plain names.',
    maps: ['CWE-22', ...MAPS],
  },
  {
    id: 'tensorflow.network',
    title: 'Graph talks to another host',
    severity: 'high',
    why: 'Inputs, tensors and files leave the host, or instructions come in, whenever the model runs.',
    fix: 'Do not load the model. Ask for one whose graph only computes.',
    maps: ['CWE-918', 'CWE-200', ...MAPS],
  },
  {
    id: 'tensorflow.python-call',
    title: 'Graph calls a Python function of the host process',
    severity: 'high',
    why: 'The operator calls whatever function is registered under its token in the process that loads the model.',
    fix: 'Ask for a model whose preprocessing is written in TensorFlow operators.',
    maps: ['CWE-470', ...MAPS],
  },
  {
    id: 'tensorflow.hidden-graph',
    title: 'Graph runs another graph that arrives as a string',
    severity: 'medium',
    why: 'What the inner graph does is decided by bytes that look like data, and can be computed while the model runs.',
    fix: 'Ask for a model without serialized datasets in its graph.',
    maps: ['CWE-94', 'CWE-506', ...MAPS],
  },
  {
    id: 'tensorflow.custom-operator',
    title: 'Operator that TensorFlow does not have',
    severity: 'medium',
    why: 'Such an operator runs native code from a library that must be loaded beside the model and that this scan has not seen.',
    fix: 'Find out which library implements the operator and review it, or ask for a model with stock operators.',
    maps: ['CWE-829', ...MAPS],
  },
  {
    id: 'tensorflow.host-control',
    title: 'Graph changes or stops the host process',
    severity: 'high',
    why: 'The operator ends the process or redirects its file systems for everything that runs beside the model.',
    fix: 'Do not load the model. Ask for one whose graph only computes.',
    maps: ['CWE-284', 'CWE-400', ...MAPS],
  },
] as const satisfies readonly Rule[];

export type TensorFlowRuleId = (typeof TENSORFLOW_RULES)[number]['id'];
