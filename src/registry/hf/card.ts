import { errorMessage } from '../../core/errors.ts';
import { spdxLicence } from '../../core/spdx-licence.ts';
import { type CardData, frontMatter } from '../../engine/registry/model-card.ts';

const TAGS_AT_MOST = 200;
const TAG_CHARACTERS = 200;

/** The tags that the Hub derives from a card. */
export function tagsOf(card: CardData | undefined): readonly string[] {
  if (card === undefined) return [];
  const tags = [
    ...texts(card.library_name),
    ...texts(card.pipeline_tag),
    ...texts(card.tags),
    ...texts(card.language),
    ...texts(card.license).map((licence) => `license:${licence.toLowerCase()}`),
    ...texts(card.datasets).map((dataset) => `dataset:${dataset}`),
    ...texts(card.base_model).map((model) => `base_model:${model}`),
  ];
  return [...new Set(tags.map((tag) => tag.slice(0, TAG_CHARACTERS)))].slice(0, TAGS_AT_MOST);
}

/** What is wrong with a card, and what people should mend: shown by clients before they upload it. */
export function checkCard(content: string, repoType: string): { readonly errors: readonly Said[]; readonly warnings: readonly Said[] } {
  let card: CardData | undefined;
  try {
    card = frontMatter(content);
  } catch (error) {
    return { errors: [{ message: `the metadata is no valid YAML: ${errorMessage(error)}` }], warnings: [] };
  }
  if (repoType === 'space') return { errors: [], warnings: [] };
  if (card === undefined) return { errors: [], warnings: [{ message: 'empty or missing metadata: say at least the licence' }] };
  return { errors: [], warnings: warningsOf(card).map((message) => ({ message })) };
}

interface Said {
  readonly message: string;
}

function warningsOf(card: CardData): readonly string[] {
  const licences = texts(card.license);
  const unknown = licences.filter((licence) => licence !== 'other' && licence !== 'unknown' && spdxLicence(licence) === undefined);
  return [
    ...(licences.length === 0 ? ['no licence is declared: policies may refuse it'] : []),
    ...unknown.map((licence) => `the licence ${JSON.stringify(licence.slice(0, 100))} is none that Cordon knows`),
    ...(licences.includes('other') && texts(card.license_name).length === 0 ? ['the licence is "other", but license_name is missing'] : []),
    ...(texts(card.base_model).length > 0 && texts(card.base_model_relation).includes('none')
      ? ['a base model is named, and base_model_relation says there is none']
      : []),
  ];
}

function texts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is string => typeof item === 'string' && item !== '');
}
