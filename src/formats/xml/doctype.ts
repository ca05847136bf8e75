import { malformed, truncated } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { detectEncoding, xmlDecoder } from './encoding.ts';

/** An entity that a document type declares. */
export interface EntityDeclaration {
  readonly name: string;
  /** Used inside the document type only (`%name;`). */
  readonly parameter: boolean;
  /** System identifier, when the content comes from outside. */
  readonly external?: string;
  /** Content, when it is given. */
  readonly value?: string;
}

/** What a document type declaration says, none of it followed. */
export interface Doctype {
  readonly root: string;
  /** System identifier of the external subset. */
  readonly external?: string;
  readonly entities: readonly EntityDeclaration[];
}

/** Why 1 MiB: document types of real models have a few hundred bytes; the prolog must fit. */
const PROLOG_BYTES = 1 << 20;
const MAX_ENTITIES = 10_000;

/** Reads the document type of an XML document; undefined when it has none. Nothing is fetched and nothing expanded. */
export function readDoctype(source: ByteSource): Doctype | undefined {
  const text = readProlog(source);
  const start = skipMisc(text, 0);
  return isDoctype(text, start) ? parse(text.slice(start, endOf(text, start))) : undefined;
}

/** The name of the root element without its prefix; undefined when the prolog leads to none. */
export function xmlRoot(source: ByteSource): string | undefined {
  const text = readProlog(source);
  let start = skipMisc(text, 0);
  if (isDoctype(text, start)) start = skipMisc(text, endOf(text, start));
  return /^<(?:[\w.-]{1,100}:)?([\w.-]{1,100})/.exec(text.slice(start, start + 256))?.[1];
}

function readProlog(source: ByteSource): string {
  const bytes = source.read(0, PROLOG_BYTES);
  const { encoding, mark } = detectEncoding(bytes);
  return xmlDecoder(encoding).decode(bytes.subarray(mark));
}

function isDoctype(text: string, start: number): boolean {
  return /^<!DOCTYPE\s/i.test(text.slice(start, start + 10));
}

/** Index behind white space, comments and processing instructions. */
function skipMisc(text: string, start: number): number {
  let at = start;
  for (;;) {
    at += /^\s*/.exec(text.slice(at, at + 4096))?.[0].length ?? 0;
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    if (close === undefined) {
      if (/\s/.test(text[at] ?? '')) continue;
      return at;
    }
    const end = text.indexOf(close, at + 2);
    if (end < 0) throw truncated('XML prolog does not end');
    at = end + close.length;
  }
}

/** Index behind the `>` that closes the declaration, past quotes, comments and the internal subset. */
function endOf(text: string, start: number): number {
  let quote = '';
  let bracket = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (text.startsWith('<!--', at)) at = commentEnd(text, at);
    else if (character === '[') bracket++;
    else if (character === ']') bracket--;
    else if (character === '>' && bracket === 0) return at + 1;
  }
  throw truncated('document type does not end');
}

function commentEnd(text: string, at: number): number {
  const end = text.indexOf('-->', at + 4);
  if (end < 0) throw truncated('comment does not end');
  return end + 2;
}

const QUOTED = String.raw`(?:"([^"]*)"|'([^']*)')`;
const HEADER = new RegExp(String.raw`^<!DOCTYPE\s+([^\s[>]+)\s*(?:(SYSTEM|PUBLIC)\s*${QUOTED}\s*(?:${QUOTED})?)?`, 'i');
const ENTITY = new RegExp(String.raw`<!ENTITY\s+(%\s+)?([^\s%"']+)\s+(?:(SYSTEM|PUBLIC)\s*${QUOTED}\s*(?:${QUOTED})?|${QUOTED})`, 'gi');

function parse(text: string): Doctype {
  const [, root = '', kind, a, b, c, d] = HEADER.exec(text) ?? [];
  const external = systemId(kind, a ?? b, c ?? d);
  const entities: EntityDeclaration[] = [];
  const subset = text.replace(/<!--[^]*?-->/g, ' ');
  for (const [, percent, name = '', type, e, f, g, h, i, j] of subset.matchAll(ENTITY)) {
    if (entities.length >= MAX_ENTITIES) throw malformed('too many entities');
    const outside = systemId(type, e ?? f, g ?? h);
    const value = i ?? j;
    entities.push({
      name,
      parameter: percent !== undefined,
      ...(outside === undefined ? {} : { external: outside }),
      ...(value === undefined ? {} : { value }),
    });
  }
  const declared = subset.match(/<!ENTITY\s/gi)?.length ?? 0;
  if (declared !== entities.length) throw malformed('an entity declaration could not be read');
  return { root, entities, ...(external === undefined ? {} : { external }) };
}

/** `SYSTEM "system"` or `PUBLIC "public" "system"`. */
function systemId(kind: string | undefined, first: string | undefined, second: string | undefined): string | undefined {
  if (kind === undefined) return undefined;
  return kind.toUpperCase() === 'SYSTEM' ? (first ?? '') : (second ?? '');
}
