import type { Rule } from '../../core/rule.ts';

/** What a card can say that is not so. Found in stored facts: no bytes are read. */
export const BOM_RULES = [
  {
    id: 'bom.parameter-count',
    title: 'The name says another size than the bytes hold',
    severity: 'medium',
    why: 'Models are chosen, approved and priced by their size. One that is less than half or more than twice as large as it says is another model.',
    fix: 'Correct the name or the title, or find out which weights these are.',
    maps: ['OWASP-LLM03:2025', 'CWE-345'],
  },
  {
    id: 'bom.dtype',
    title: 'The configuration names another type than the weights have',
    severity: 'low',
    why: 'Weights that were converted or replaced after the configuration was written need not behave as they were evaluated.',
    fix: 'Write the type of the weights into the configuration, or restore the weights that were evaluated.',
    maps: ['OWASP-LLM03:2025', 'CWE-345'],
  },
  {
    id: 'bom.architecture',
    title: 'Two files name different architectures',
    severity: 'medium',
    why: 'Weights beside a configuration of another model are a sign of files that were exchanged.',
    fix: 'Find out which of the files belong together, and publish those.',
    maps: ['OWASP-LLM03:2025', 'CWE-345'],
  },
  {
    id: 'bom.licence',
    title: 'Two files name different licences',
    severity: 'medium',
    why: 'Who follows the milder licence breaks the other one. Exchanging the licence of somebody else’s model is how stolen models are passed on.',
    fix: 'Ask the publisher which licence holds, and have it named in every file.',
    maps: ['OWASP-LLM03:2025'],
  },
  {
    id: 'bom.base-model',
    title: 'The base model is not the one that the card names',
    severity: 'low',
    why: 'Licence, known weaknesses and recalls of the base model concern everything made from it; under a wrong name they are missed.',
    fix: 'Name the base model that the builder used in the card and in the configuration of the adapter.',
    maps: ['OWASP-LLM03:2025', 'CWE-345'],
  },
  {
    id: 'bom.dataset',
    title: 'The builder used a data set that the card does not name',
    severity: 'low',
    why: 'Whoever must know of a data set, because it was poisoned or has to be deleted, looks at the card.',
    fix: 'Name the data set in the card.',
    maps: ['OWASP-LLM04:2025'],
  },
] as const satisfies readonly Rule[];

export type BomRuleId = (typeof BOM_RULES)[number]['id'];
