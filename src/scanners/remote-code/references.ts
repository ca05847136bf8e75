import type { Json } from '../../core/artifact.ts';

/** A place where a repository tells its loader to run Python. */
export interface CodeReference {
  /** File that says so, and where in it. */
  readonly from: string;
  readonly key: string;
  /** Another repository, as `owner/name`; undefined for this one. */
  readonly repository: string | undefined;
  /** Dotted module inside the repository, without the class. */
  readonly module: string;
  /** As written. */
  readonly text: string;
}

const MAX_REFERENCES = 500;

/** Keys of transformers and diffusers configurations whose values name code: `module.Class`, or `owner/repo--module.Class`. */
const CODE_KEYS = new Set(['auto_map', 'custom_pipelines']);

/** References to code in one parsed `config.json`-like file of transformers or diffusers. */
export function autoMapReferences(from: string, config: Json): CodeReference[] {
  const found = new Map<string, CodeReference>();
  visit(config, (name, item) => {
    if (!CODE_KEYS.has(name)) return;
    visit(item, (inner, text) => {
      if (typeof text !== 'string') return;
      const key = inner === '' ? name : `${name}.${inner}`;
      const reference = dottedReference(from, key, text);
      if (reference !== undefined && found.size < MAX_REFERENCES) found.set(`${key} ${text}`, reference);
    });
  });
  return [...found.values()];
}

/** Components of a diffusers `model_index.json` whose library is no installed package: `["module", "Class"]`. */
export function pipelineReferences(from: string, index: Json, isLocal: (module: string) => boolean): CodeReference[] {
  if (index === null || typeof index !== 'object' || Array.isArray(index)) return [];
  const found: CodeReference[] = [];
  for (const [key, value] of Object.entries(index).slice(0, MAX_REFERENCES)) {
    const pair: unknown = value;
    const [module, name] = Array.isArray(pair) ? (pair as unknown[]) : key === '_class_name' ? [pair, ''] : [];
    if (key === '_class_name' && Array.isArray(pair) && typeof pair[0] === 'string') {
      found.push({ from, key, repository: undefined, module: pair[0], text: pair.join('.') });
    } else if (Array.isArray(pair) && typeof module === 'string' && typeof name === 'string' && isLocal(`${key}.${module}`)) {
      found.push({ from, key, repository: undefined, module: `${key}.${module}`, text: `${module}.${name}` });
    } else if (Array.isArray(pair) && typeof module === 'string' && isLocal(module)) {
      found.push({ from, key, repository: undefined, module, text: `${module}.${String(name)}` });
    }
  }
  return found;
}

/** Modules of a sentence-transformers `modules.json` whose `type` is not the library's own. */
export function moduleReferences(from: string, modules: Json): CodeReference[] {
  if (!Array.isArray(modules)) return [];
  const found: CodeReference[] = [];
  for (const [at, entry] of modules.slice(0, MAX_REFERENCES).entries()) {
    const type =
      entry !== null && typeof entry === 'object' && !Array.isArray(entry) ? (entry as { readonly type?: Json }).type : undefined;
    if (typeof type !== 'string' || /^(?:sentence_transformers|pylate|gliclass)\.[\w.]+$/.test(type)) continue;
    const reference = dottedReference(from, `${at}.type`, type);
    if (reference !== undefined) found.push(reference);
  }
  return found;
}

/** True when a configuration asks for remote code by a flag of its own. */
export function asksForTrust(config: Json): boolean {
  let asks = false;
  visit(config, (key, item) => {
    if (key === 'trust_remote_code' && item === true) asks = true;
  });
  return asks;
}

/** Every value inside a JSON document with the key it stands under, without recursion. */
function visit(value: Json, found: (key: string, value: Json) => void): void {
  const queue: [string, Json][] = [['', value]];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [key, item] = next;
    found(key, item);
    if (Array.isArray(item)) for (const child of item) queue.push([key, child as Json]);
    else if (item !== null && typeof item === 'object') {
      for (const [name, child] of Object.entries(item)) queue.push([name, child as Json]);
    }
  }
}

function dottedReference(from: string, key: string, text: string): CodeReference | undefined {
  const cut = text.indexOf('--');
  const repository = cut < 0 ? undefined : text.slice(0, cut);
  const dotted = cut < 0 ? text : text.slice(cut + 2);
  if (!dotted.includes('.') || dotted.length > 300) return undefined;
  const module = dotted.slice(0, dotted.lastIndexOf('.')).replaceAll('/', '.');
  return { from, key, repository, module, text };
}
