import { cssHiding } from './css-hiding.ts';
import type { Edit, EditSpan } from './edit.ts';

/** Text in markup that a reader of the page does not see. `by` is `html-comment`, `css-<way>`, `hidden-attribute`, `markdown-comment`, `html-title`, `html-attribute`. */
export type HiddenStretch = EditSpan;

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
/** Elements that stand inside a word. */
const INLINE = new Set(
  'a abbr b bdi bdo big cite code del em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(' '),
);
const MARKDOWN_COMMENT = /^\[(?:\/\/|comment|_metadata_:[\w-]{1,40})\]:\s{0,4}(?:#|<>)\s{0,4}["'(]([^\n]{1,2000})["')]\s*$/gim;
const MAX_STRETCHES = 2_000;
/** Open elements remembered. Why: 100,000 nested elements must not make closing one slow. */
const MAX_DEPTH = 256;
const MAX_TAG = 4_096;

interface Tag {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: string;
}

interface Open {
  readonly name: string;
  readonly hiding: string | undefined;
  readonly contentStart: number;
}

/** What a page or a markdown document hides: comments, invisible elements, titles and attribute texts. In the order of the text. */
export function hiddenStretches(text: string): HiddenStretch[] {
  const found: HiddenStretch[] = [];
  const hidingClasses = classesThatHide(text);
  const open: Open[] = [];
  function add(start: number, end: number, by: string): void {
    if (found.length < MAX_STRETCHES && /[\p{L}]{2}/u.test(text.slice(start, Math.min(end, start + 2_000)))) found.push({ start, end, by });
  }
  for (const item of markupItems(text)) {
    if (!('name' in item)) {
      add(item.start + 4, item.contentEnd, 'html-comment');
      continue;
    }
    if (item.closing) {
      closeElement(open, item, add);
      continue;
    }
    addAttributes(item, add);
    const hiding = hidingOf(item, hidingClasses);
    if (VOID.has(item.name) || item.attributes.endsWith('/')) continue;
    const inTitle = item.name === 'title' ? 'html-title' : undefined;
    if (open.length < MAX_DEPTH) open.push({ name: item.name, hiding: hiding ?? inTitle, contentStart: item.end });
  }
  for (const element of open) if (element.hiding !== undefined) add(element.contentStart, text.length, element.hiding);
  for (const match of text.matchAll(MARKDOWN_COMMENT)) {
    const start = match.index + match[0].indexOf(match[1] ?? '');
    add(start, start + (match[1]?.length ?? 0), 'markdown-comment');
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Takes the tags out: those inside words leave nothing, others a space. */
export function tagEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const item of markupItems(text)) {
    if (!('name' in item)) edits.push({ start: item.start, end: item.end, text: '', by: 'html-tags' });
    else edits.push({ start: item.start, end: item.end, text: INLINE.has(item.name) ? '' : ' ', by: 'html-tags' });
  }
  return edits.length >= 2 ? edits : [];
}

function closeElement(open: Open[], tag: Tag, add: (start: number, end: number, by: string) => void): void {
  const at = open.findLastIndex((element) => element.name === tag.name);
  if (at < 0) return;
  for (const element of open.splice(at)) if (element.hiding !== undefined) add(element.contentStart, tag.start, element.hiding);
}

interface Comment {
  readonly start: number;
  readonly contentEnd: number;
  readonly end: number;
}

/** Tags and comments, in one pass. */
function* markupItems(text: string): Generator<Tag | Comment> {
  let at = text.indexOf('<');
  let commentsEnd = true;
  while (at >= 0 && at < text.length) {
    let next = at + 1;
    if (commentsEnd && text.startsWith('<!--', at)) {
      const close = text.indexOf('-->', at + 4);
      // An unclosed comment hides the rest; looking for its end again and again would be quadratic.
      commentsEnd = close >= 0;
      next = close < 0 ? text.length : close + 3;
      yield { start: at, contentEnd: close < 0 ? text.length : close, end: next };
    } else {
      const tag = readTag(text, at);
      if (tag) {
        yield tag;
        next = tag.end;
      }
    }
    at = text.indexOf('<', next);
  }
}

function readTag(text: string, start: number): Tag | undefined {
  const closing = text[start + 1] === '/';
  const nameStart = start + (closing ? 2 : 1);
  if (!isLetter(text.charCodeAt(nameStart))) return undefined;
  const end = tagEnd(text, nameStart);
  if (end < 0) return undefined;
  const inside = text.slice(nameStart, end);
  const name = /^[a-z][a-z0-9:-]{0,40}/i.exec(inside)?.[0] ?? '';
  return { start, end: end + 1, name: name.toLowerCase(), closing, attributes: inside.slice(name.length) };
}

function tagEnd(text: string, from: number): number {
  const limit = Math.min(text.length, from + MAX_TAG);
  let quote = 0;
  for (let at = from; at < limit; at++) {
    const unit = text.charCodeAt(at);
    if (quote !== 0) {
      if (unit === quote) quote = 0;
    } else if (unit === 0x3e) return at;
    else if (unit === 0x3c) return -1;
    else if ((unit === 0x22 || unit === 0x27) && text.charCodeAt(at - 1) === 0x3d) quote = unit;
  }
  return -1;
}

const STYLE = /\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const CLASS_OR_ID = /\b(class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))/gi;
const TEXT_ATTRIBUTE = /\b(?:alt|title|content|aria-label|placeholder|summary)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;

function hidingOf(tag: Tag, classes: ReadonlyMap<string, string>): string | undefined {
  if (tag.attributes === '') return undefined;
  if (/(?:^|\s)hidden(?:\s|=|$)/i.test(tag.attributes.replace(/=\s*(?:"[^"]*"|'[^']*')/g, '= '))) return 'hidden-attribute';
  if (tag.name === 'template' || tag.name === 'noscript') return 'hidden-attribute';
  const style = STYLE.exec(tag.attributes);
  const way = style && cssHiding(style[1] ?? style[2] ?? '');
  if (way) return `css-${way}`;
  if (tag.name === 'font' && /\bcolor\s*=\s*["']?(?:white|#fff(?:fff)?)\b/i.test(tag.attributes)) return 'css-white-on-white';
  if (classes.size === 0) return undefined;
  for (const match of tag.attributes.matchAll(CLASS_OR_ID)) {
    const sign = match[1]?.toLowerCase() === 'id' ? '#' : '.';
    for (const name of (match[2] ?? match[3] ?? match[4] ?? '').split(/\s+/)) {
      const hiding = classes.get(sign + name);
      if (hiding) return hiding;
    }
  }
  return undefined;
}

function addAttributes(tag: Tag, add: (start: number, end: number, by: string) => void): void {
  if (!tag.attributes.includes('=')) return;
  const offset = tag.end - 1 - tag.attributes.length;
  for (const match of tag.attributes.matchAll(TEXT_ATTRIBUTE)) {
    const value = match[1] ?? match[2] ?? '';
    const start = offset + match.index + match[0].length - 1 - value.length;
    // A label of a word or two says nothing to a model.
    if (value.includes(' ')) add(start, start + value.length, 'html-attribute');
  }
}

const STYLE_ELEMENT = /<style\b[^>]{0,500}>/gi;
const RULE = /([^{}]{1,400})\{([^{}]{0,2000})\}/g;
const MAX_SHEET = 65_536;

/** Classes and ids that the style elements of the page make invisible. */
function classesThatHide(text: string): ReadonlyMap<string, string> {
  const hiding = new Map<string, string>();
  let from = 0;
  for (const match of text.matchAll(STYLE_ELEMENT)) {
    if (match.index < from) continue;
    const start = match.index + match[0].length;
    const close = text.indexOf('</style', start);
    if (close < 0) break;
    from = close;
    for (const rule of text.slice(start, Math.min(close, start + MAX_SHEET)).matchAll(RULE)) {
      const way = cssHiding(rule[2] ?? '');
      if (way) for (const [name] of (rule[1] ?? '').matchAll(/[.#][\w-]{1,100}/g)) hiding.set(name, `css-${way}`);
    }
  }
  return hiding;
}

function isLetter(unit: number): boolean {
  return (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}
