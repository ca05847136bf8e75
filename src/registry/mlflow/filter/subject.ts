import type { Subject } from '../../../engine/registry/search/clause.ts';

/** What may stand before the first dot of a key. */
const SUBJECTS: Readonly<Record<string, Subject>> = {
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset',
};

/** What a word before a dot is about; undefined: nothing that can be searched. */
export function subjectOf(word: string): Subject | undefined {
  return Object.hasOwn(SUBJECTS, word.toLowerCase()) ? SUBJECTS[word.toLowerCase()] : undefined;
}
