/** Keys whose value a library imports and calls: Hydra, jsonargparse (Lightning CLI), Kedro-like configurations. */
const TARGET_KEYS = new Set(['_target_', '__target__', 'class_path', '_class_path_', '__class_path__']);

/** A name that a configuration asks to be imported and called. */
export interface Target {
  readonly key: string;
  readonly name: string;
}

/** True for keys whose value is called by definition. */
export function isTargetKey(key: string): boolean {
  return TARGET_KEYS.has(key);
}

/** The targets inside plain data (parsed JSON or YAML), each (key, name) once, at most 1,000. Does not recurse. */
export function findTargets(value: unknown): Target[] {
  const found = new Map<string, Target>();
  const queue: unknown[] = [value];
  for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
    if (item === null || typeof item !== 'object') continue;
    if (Array.isArray(item)) {
      for (const child of item) queue.push(child);
      continue;
    }
    for (const [key, child] of Object.entries(item)) {
      if (typeof child === 'string' && isTargetKey(key) && found.size < 1_000) found.set(`${key} ${child}`, { key, name: child });
      else queue.push(child);
    }
  }
  return [...found.values()];
}

const IN_TEXT = /["']?\b(_target_|__target__|class_path)\b\\*["']?\s*[:=]\s*\\*["']?\s*([A-Za-z_][\w.:]{0,200})/g;
const TAG_IN_TEXT = /(?:!!|tag:yaml\.org,2002:)(python\/[\w/]+(?::[\w.]{0,200})?)/g;

/** Targets and Python tags in text that need not parse: metadata values, broken YAML. */
export function findInText(text: string): { targets: Target[]; tags: string[] } {
  const targets = new Map<string, Target>();
  for (const match of text.matchAll(IN_TEXT)) {
    if (targets.size < 1_000) targets.set(`${match[1]!} ${match[2]!}`, { key: match[1]!, name: match[2]! });
  }
  const tags = new Set<string>();
  for (const match of text.matchAll(TAG_IN_TEXT)) if (tags.size < 1_000) tags.add(match[1]!);
  return { targets: [...targets.values()], tags: [...tags] };
}

/** True when bytes may hold a target or a Python tag: a quick test before a document is parsed. */
export function mayInstantiate(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return WORDS.some((word) => buffer.includes(word));
}

/** Why the escapes: `"\\u005ftarget_"` is the same key, and `%TAG` gives a tag another prefix. */
const WORDS = ['target', 'class_path', 'python', '\\u00', '\\x', '%TAG', '!<'];
