import { JsonReader } from '../../formats/json/reader.ts';

/** A template inside a JSON file. */
export interface JsonTemplate {
  /** Its name in a list of named templates, otherwise the key. */
  readonly name: string;
  readonly text: string;
}

/** What a JSON file has of templates. */
export interface JsonTemplates {
  readonly templates: readonly JsonTemplate[];
  /** Keys with templates that one object has twice. */
  readonly duplicates: readonly string[];
}

const KEYS = new Set(['chat_template', 'chat_templates', 'additional_chat_templates', 'default_chat_template']);
const MAX_TEMPLATES = 200;

/** Collects the texts below keys such as `chat_template`: a text, a list of `{name, template}`, or an object by name. */
export function readTemplates(bytes: Uint8Array): JsonTemplates {
  const reader = new JsonReader(bytes, { nonFinite: true, depth: 256 });
  const templates: JsonTemplate[] = [];
  const duplicates = new Set<string>();
  /** For each open container: the key that led to it, and the template keys seen in it. */
  const open: { key: string; name: string; seen: Set<string> }[] = [];
  let key = '';
  for (let event = reader.next(); event !== 'end'; event = reader.next()) {
    const top = open.at(-1);
    if (event === 'key') {
      key = reader.text;
      if (KEYS.has(key) && top?.seen.has(key) === true) duplicates.add(key);
      if (KEYS.has(key)) top?.seen.add(key);
    } else if (event === 'object' || event === 'array') {
      open.push({ key, name: '', seen: new Set() });
    } else if (event === 'object-end' || event === 'array-end') {
      open.pop();
      key = open.at(-1)?.key ?? '';
    } else if (event === 'string') {
      if (top !== undefined && key === 'name') top.name = reader.text.slice(0, 80);
      const isBelow = KEYS.has(key) || open.some((container) => KEYS.has(container.key));
      if (isBelow && key !== 'name' && templates.length < MAX_TEMPLATES) templates.push({ name: top?.name || key, text: reader.text });
    }
  }
  return { templates, duplicates: [...duplicates] };
}
