import type { Span } from '../../core/text.ts';

/** A link or an image of markdown or HTML. */
export interface LinkTarget extends Span {
  readonly url: string;
  /** An image is fetched without a click. */
  readonly image: boolean;
  /** The address has room for data: a query, a fragment, user information or a long last step of the path. */
  readonly carriesData: boolean;
  /** Some of that data is a template or is encoded, as when a model is told to fill it in. */
  readonly suspicious: boolean;
}

const MARKDOWN =
  /(!?)\[[^\]\n]{0,500}\]\(\s{0,4}<?((?:[a-z][a-z0-9+.-]{0,20}:|\/\/)[^\s()<>]{1,4096}(?:\([^\s()<>]{0,200}\))?[^\s()<>]{0,4096})/gi;
const REFERENCE = /^ {0,3}\[[^\]\n]{1,200}\]:\s{0,4}<?((?:[a-z][a-z0-9+.-]{0,20}:|\/\/)[^\s<>]{1,4096})/gim;
const HTML =
  /<(img|a|iframe|source|video|audio|embed|object|link|script|form)\b[^<>]{0,2000}?\s(?:src|href|data|action|poster|background)\s*=\s*["']?((?:[a-z][a-z0-9+.-]{0,20}:|\/\/)[^\s"'<>]{1,4096})/gi;
const CSS = /url\(\s{0,4}["']?((?:https?:|\/\/)[^\s"'()<>]{1,4096})/gi;
const FETCHED = new Set(['img', 'iframe', 'source', 'video', 'audio', 'embed', 'object', 'link', 'script']);
const TEMPLATE = /[{}<>[\]]|%7b|%5b|%3c|\$\{|\b(?:DATA|SECRET|PAYLOAD|CONTENT|SUMMARY|BASE64|CONVERSATION|HISTORY|INSERT)\b|_HERE\b/;
const ENCODED = /[A-Za-z0-9+/_-]{40,}|(?:%[0-9a-f]{2}){6}/i;
const LONG_STEP = 48;
const MAX_TARGETS = 2_000;

/** Links and images of a text, markdown and HTML, in the order of the text; at most 2,000. */
export function linkTargets(text: string): LinkTarget[] {
  const found: LinkTarget[] = [];
  function add(match: RegExpExecArray, url: string | undefined, image: boolean): void {
    if (url === undefined || found.length >= MAX_TARGETS) return;
    const start = match.index + match[0].lastIndexOf(url);
    found.push({ start, end: start + url.length, url, image, ...judge(url) });
  }
  if (text.includes('](')) for (const match of text.matchAll(MARKDOWN)) add(match, match[2], match[1] === '!');
  if (text.includes(']:')) for (const match of text.matchAll(REFERENCE)) add(match, match[1], false);
  if (text.includes('<')) for (const match of text.matchAll(HTML)) add(match, match[2], FETCHED.has(match[1]?.toLowerCase() ?? ''));
  if (text.includes('url(')) for (const match of text.matchAll(CSS)) add(match, match[1], true);
  return found.sort((a, b) => a.start - b.start);
}

function judge(url: string): { carriesData: boolean; suspicious: boolean } {
  if (/^(?:data|mailto|tel|javascript|cid):/i.test(url)) return { carriesData: false, suspicious: false };
  const rest = url.replace(/^[a-z][a-z0-9+.-]*:/i, '').replace(/^\/\//, '');
  const path = rest.search(/[/?#]/) < 0 ? '' : rest.slice(rest.search(/[/?#]/));
  const authority = rest.slice(0, rest.length - path.length);
  const query = /[?#;]([^\s]+)$/.exec(path)?.[1] ?? '';
  const step = /[^/?#]*(?=[?#]|$)/.exec(path.slice(path.lastIndexOf('/') + 1))?.[0] ?? '';
  const carried = [query, step.length >= LONG_STEP ? step : '', authority.includes('@') ? authority : ''].filter((part) => part !== '');
  return { carriesData: carried.length > 0, suspicious: carried.some((part) => TEMPLATE.test(part) || ENCODED.test(part)) };
}
