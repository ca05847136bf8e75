import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { CordonError, errorMessage, malformed } from '../../core/errors.ts';

/** Why 1 MiB: configurations are small, and the parser takes seconds for more. */
export const MAX_YAML_CHARACTERS = 1024 * 1024;
/** Why: the composer recurses; deeper nesting is no configuration. */
const MAX_DEPTH = 256;

/** A `key: text` pair anywhere in a document. */
export interface YamlPair {
  readonly key: string;
  readonly text: string;
  readonly line: number;
}

/** An explicit tag that is none of YAML's own, without the `tag:yaml.org,2002:` prefix. */
export interface YamlTag {
  readonly tag: string;
  readonly line: number;
}

/** A YAML stream as pairs and tags, with nothing constructed from it. */
export interface YamlOutline {
  readonly pairs: readonly YamlPair[];
  readonly tags: readonly YamlTag[];
  /** Syntax errors: with any, what is listed may be incomplete. */
  readonly errors: number;
}

/** Lists the text pairs and tags of all documents. Aliases are followed one step and never expanded. */
export function outlineYaml(text: string): YamlOutline {
  const lines = new LineCounter();
  const documents = documentsOf(text, lines);
  const pairs: YamlPair[] = [];
  const tags: YamlTag[] = [];
  let errors = 0;
  for (const document of documents) {
    errors += document.errors.length;
    const queue: unknown[] = [document.contents];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      noteTag(node, lines, tags);
      if (isSeq(node)) for (const item of node.items) queue.push(item ?? null);
      if (!isMap(node)) continue;
      for (const { key, value } of node.items) {
        queue.push(key ?? null, value ?? null);
        const name = scalarText(key, document);
        const content = scalarText(value, document);
        if (name !== undefined && content !== undefined) pairs.push({ key: name, text: content, line: lineOf(value, lines) });
      }
    }
  }
  return { pairs, tags, errors };
}

/** The first document as plain data: YAML 1.1 as PyYAML's safe loader reads it. Throws on syntax errors and alias bombs. */
export function parseYaml(text: string): unknown {
  const [document] = documentsOf(text, new LineCounter());
  if (document === undefined) return null;
  const [error] = document.errors;
  if (error !== undefined) throw malformed(`YAML: ${error.message}`);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    throw new CordonError('limit.reached', `YAML: ${errorMessage(cause)}`, { cause });
  }
}

function documentsOf(text: string, lineCounter: LineCounter): Document.Parsed[] {
  if (text.length > MAX_YAML_CHARACTERS) throw new CordonError('limit.reached', `YAML longer than ${MAX_YAML_CHARACTERS} characters`);
  if (nesting(text) > MAX_DEPTH) throw new CordonError('limit.reached', `YAML nested deeper than ${MAX_DEPTH}`);
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.1',
      uniqueKeys: false,
      strict: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter,
    });
    return Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  } catch (cause) {
    throw malformed(`YAML: ${errorMessage(cause)}`);
  }
}

/** An upper bound of how deep the text can nest, from brackets, indentation and `- ` chains. */
function nesting(text: string): number {
  let flow = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 91 || code === 123) deepest = Math.max(deepest, ++flow);
    else if (code === 93 || code === 125) flow = Math.max(0, flow - 1);
  }
  for (const match of text.matchAll(/^[ ]*(?:[-?:][ \t]+){8,}/gm)) deepest = Math.max(deepest, match[0].length / 2);
  return deepest;
}

function noteTag(node: unknown, lines: LineCounter, tags: YamlTag[]): void {
  const tag = (node as { tag?: unknown } | null)?.tag;
  if (typeof tag !== 'string' || isAlias(node)) return;
  const short = decoded(tag).replace(/^tag:yaml\.org,2002:|^!!/, '');
  if (short.startsWith('python/')) tags.push({ tag: short, line: lineOf(node, lines) });
}

function decoded(tag: string): string {
  try {
    return decodeURIComponent(tag);
  } catch {
    return tag;
  }
}

function scalarText(node: unknown, document: Document): string | undefined {
  const target = isAlias(node) ? node.resolve(document) : node;
  return isScalar(target) && typeof target.value === 'string' ? target.value : undefined;
}

function lineOf(node: unknown, lines: LineCounter): number {
  const start = (node as Node | null)?.range?.[0] ?? 0;
  return Math.max(1, lines.linePos(start).line);
}
