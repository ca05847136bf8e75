import * as z from 'zod';

const Text = z.string().max(500).optional().catch(undefined);
const Texts = z
  .union([z.string().max(500), z.array(z.string().max(500)).max(200)])
  .transform((value) => (typeof value === 'string' ? [value] : value))
  .optional()
  .catch(undefined);

/** The YAML front matter of a model card, as the Hugging Face Hub defines it: only what a bill of materials needs. */
export const ModelCard = z.object({
  license: Texts,
  license_name: Text,
  license_link: Text,
  base_model: Texts,
  datasets: Texts,
  language: Texts,
  pipeline_tag: Text,
  library_name: Text,
});

/** What `config.json` and its like declare of a model. */
export const ModelConfig = z.object({
  model_type: Text,
  architectures: Texts,
  architecture: Text,
  torch_dtype: Text,
  dtype: Text,
  license: Texts,
  _class_name: Text,
  transformers_version: Text,
  _diffusers_version: Text,
  base_model_name_or_path: Text,
  peft_type: Text,
  model_class: Text,
});

/** The front matter of a Markdown text; undefined when it has none. */
export function frontMatter(text: string): string | undefined {
  return /^\ufeff?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[1];
}
