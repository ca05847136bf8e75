import { CordonError } from '../../core/errors.ts';
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
  /** Why reading stopped before the end: then the templates are those in front of it. */
  readonly broken?: CordonError;
}

const KEYS = new Set(['chat_template', 'chat_templates', 'additional_chat_templates', 'default_chat_template']);
const MAX_TEMPLATES = 200;

/** Collects the texts below keys such as `chat_template`: a text, a list of `{name, template}`, or an object by name. */
export function readTemplates(bytes: Uint8Array): JsonTemplates {
  const templates: JsonTemplate[] = [];
  const duplicates = new Set<string>();
  try {
    collect(new JsonReader(bytes, { nonFinite: true, depth: 256 }), templates, duplicates);
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    return { templates, duplicates: [...duplicates], broken: error };
  }
  return { templates, duplicates: [...duplicates] };
}

/** An open container: the key that led to it, its `name`, and the template keys seen in it. */
interface Open {
  readonly key: string;
  name: string;
  readonly seen: Set<string>;
}

function collect(reader: JsonReader, templates: JsonTemplate[], duplicates: Set<string>): void {
  const open: Open[] = [];
  let key = '';
  for (let event = reader.next(); event !== 'end'; event = reader.next()) {
    const top = open.at(-1);
    if (event === 'key') {
      key = reader.text;
      if (!KEYS.has(key)) continue;
      if (top?.seen.has(key) === true) duplicates.add(key);
      top?.seen.add(key);
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
}
