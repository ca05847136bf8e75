import type { Rule } from '../../core/rule.ts';

/** What the CoreML scanner finds. */
export const COREML_RULES = [
  {
    id: 'coreml.custom-code',
    title: 'Layer or model that custom code implements',
    severity: 'medium',
    why: 'CoreML looks up the class of that name in the application and runs it. What it does is not in the model.',
    fix: 'Review the class that the application brings along, or ask for a model with built-in layers.',
    maps: ['CWE-470', 'CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'coreml.external-path',
    title: 'File outside of the model package',
    severity: 'high',
    why: 'The loader opens the file that the model names: a path that leaves the package reads any file of the user or another model.',
    fix: 'Do not load the model. Ask for one whose weights lie inside its package.',
    maps: ['CWE-22', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
] as const satisfies readonly Rule[];

export type CoreMlRuleId = (typeof COREML_RULES)[number]['id'];
