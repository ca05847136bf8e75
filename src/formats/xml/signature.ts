import type { Signature } from '../signature.ts';
import { detectEncoding, xmlDecoder } from './encoding.ts';

/** Roots of model formats that are recognised even without an XML declaration. */
const BARE_ROOT = /^<(?:[A-Za-z_][\w.-]*:)?(?:PMML|net|svg|plist|CustomLayer)[\s/>]/;

/** XML by its declaration, its document type or a root we know. HTML, and Markdown that begins with a tag, is text. */
export const xml: Signature = {
  format: 'xml',
  matches: (head) => {
    const { encoding, mark } = detectEncoding(head);
    if (encoding === 'utf-32') return isWideXml(head.subarray(mark));
    const first = head[mark] ?? 0;
    if (encoding === 'utf-8' && first !== 0x3c && ![9, 10, 13, 32].includes(first)) return false;
    return isXml(decode(head.subarray(mark), encoding));
  },
};

/** `<?xml` or `<!DOC` in units of four bytes, either byte order. Why five letters: tables of small integers begin alike. */
function isWideXml(bytes: Uint8Array): boolean {
  return [0, 3].some((at) => {
    const units = bytes.subarray(0, 20);
    const padded = units.length === 20 && units.every((byte, i) => i % 4 === at || byte === 0);
    return padded && ['<?xml', '<!DOC'].includes(String.fromCharCode(...units.filter((_, i) => i % 4 === at)));
  });
}

/** Why any encoding: the reader says that it cannot read one; to the signature it is XML all the same. */
function decode(bytes: Uint8Array, encoding: string): string {
  return (/^utf-16[lb]e$/.test(encoding) ? xmlDecoder(encoding) : new TextDecoder('latin1')).decode(bytes);
}

function isXml(text: string): boolean {
  const start = text.trimStart();
  if (/^<\?xml\s/.test(start)) return true;
  const body = start.replace(/^(?:<!--[^]*?-->\s*|<\?[^]*?\?>\s*)+/, '');
  return BARE_ROOT.test(body) || (/^<!DOCTYPE\s/i.test(body) && !/^<!DOCTYPE\s+html\b/i.test(body));
}
