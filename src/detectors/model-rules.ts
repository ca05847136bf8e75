import type { Rule } from '../core/rule.ts';

const MODEL = {
  severity: 'high',
  why: 'A transformer reads words in their context, where the classifier only counts them. It is asked where the classifier is uncertain.',
  fix: 'Look at the span. Switch the rule off (exceptRules) where it is wrong for your texts.',
} as const;

/** What a model of the guard may find. Only `assess` asks it. */
export const MODEL_RULES = [
  {
    id: 'injection.model',
    title: 'The optional model takes it for an attack',
    ...MODEL,
    maps: ['OWASP-LLM01:2025', 'ATLAS:AML.T0051.000', 'ATLAS:AML.T0054'],
  },
  {
    id: 'indirect.model',
    title: 'The optional model takes it for an instruction planted in data',
    ...MODEL,
    maps: ['OWASP-LLM01:2025', 'ATLAS:AML.T0051.001'],
  },
] as const satisfies readonly Rule[];
