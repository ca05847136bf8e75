import { CordonError } from '../../core/errors.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import { readAll, utf8 } from '../../formats/bytes/read.ts';
import { parseJson } from '../../formats/json/parse.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { frontMatter, ModelCard, ModelConfig } from './read.ts';

/** Why 256 KiB: front matter with long evaluation tables stays below it. */
const CARD_BYTES = 256 * 1024;
const CONFIG = /^(?:config|adapter_config|model_index)\.json$/;

/** What a model says of itself: licence, base model, data, task, architecture. Facts for the bill of materials, no findings. */
export const modelMetadataScanner = fileScanner({
  id: 'model-metadata',
  title: 'What a model declares of itself',
  rules: [],
  accepts: ({ members, name, format }) =>
    members.length === 0 && ((/^README\.md$/i.test(name) && format === 'text') || (CONFIG.test(name) && format === 'json')),
  inspect(subject, context) {
    try {
      if (CONFIG.test(subject.name)) configFacts(parseJson(readAll(subject.source, context.budget), { nonFinite: true }).value, context);
      else cardFacts(utf8(subject.source.read(0, CARD_BYTES)), context);
    } catch (error) {
      // Why silence: a broken card or configuration declares nothing, and what it may break in a loader is not judged here.
      if (!(error instanceof CordonError)) throw error;
    }
    return [];
  },
});

function cardFacts(text: string, context: ScanContext): void {
  const matter = frontMatter(text);
  const card = ModelCard.safeParse(matter === undefined ? undefined : parseYaml(matter));
  if (!card.success) return;
  const {
    license,
    license_name: name,
    license_link: link,
    base_model: base,
    datasets,
    language,
    pipeline_tag: task,
    library_name: library,
  } = card.data;
  declare(context, {
    licence: name === undefined ? license : [name],
    'licence.link': link,
    'model.base': base,
    datasets,
    languages: language,
  });
  declare(context, { 'model.task': task, 'model.library': library });
}

function configFacts(value: unknown, context: ScanContext): void {
  const config = ModelConfig.safeParse(value);
  if (!config.success) return;
  const { data } = config;
  const name = data.architectures ?? data.architecture ?? data._class_name;
  const library = data.transformers_version === undefined ? undefined : 'transformers';
  declare(context, {
    architecture: name,
    'model.type': data.model_type ?? data.peft_type,
    'model.dtype': data.dtype ?? data.torch_dtype,
    'model.base': data.base_model_name_or_path === undefined ? undefined : [data.base_model_name_or_path],
    'model.library': data._diffusers_version === undefined ? library : 'diffusers',
    licence: data.license,
  });
}

function declare(context: ScanContext, facts: Readonly<Record<string, string | string[] | undefined>>): void {
  for (const [name, value] of Object.entries(facts)) if (value !== undefined && value.length > 0) context.fact(name, value, 'declared');
}
