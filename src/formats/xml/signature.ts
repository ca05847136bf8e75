import type { Signature } from '../sniff.ts';
import { detectEncoding } from './encoding.ts';

/** Roots of model formats that are recognised even without an XML declaration. */
const BARE_ROOT = /^<(?:[A-Za-z_][\w.-]*:)?(?:PMML|net|svg|package|dict|plist)(?:[\s/>])/;

/** XML by its declaration, its document type or a root we know. HTML, and Markdown that begins with a tag, is text. */
export const xml: Signature = {
  format: 'xml',
  matches: (head) => {
    const { encoding, mark } = detectEncoding(head);
    if (head[mark] !== 0x3c && encoding === 'utf-8' && ![9, 10, 13, 32].includes(head[mark] ?? 0)) return false;
    return isXml(new TextDecoder(encoding).decode(head.subarray(mark)));
  },
};

function isXml(text: string): boolean {
  const start = text.trimStart();
  if (/^<\?xml[\s]/.test(start)) return true;
  const body = start.replace(/^(?:<!--[^]*?-->\s*|<\?[^]*?\?>\s*)*/, '');
  return BARE_ROOT.test(body) || (/^<!DOCTYPE\s/i.test(body) && !/^<!DOCTYPE\s+html\b/i.test(body));
}
