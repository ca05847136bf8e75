import { hasBytes, latin1 } from '../bytes/read.ts';

/** Character encoding of an XML document and the length of its byte order mark. */
export interface XmlEncoding {
  readonly encoding: string;
  readonly mark: 0 | 2 | 3;
}

/**
 * The encoding by byte order mark, by the shape of `<?xml`, or as declared. Why: a scanner that reads UTF-16 as UTF-8 sees
 * no document type where the loader's parser sees one.
 */
export function detectEncoding(head: Uint8Array): XmlEncoding {
  if (hasBytes(head, [0xef, 0xbb, 0xbf])) return { encoding: 'utf-8', mark: 3 };
  if (hasBytes(head, [0xff, 0xfe])) return { encoding: 'utf-16le', mark: 2 };
  if (hasBytes(head, [0xfe, 0xff])) return { encoding: 'utf-16be', mark: 2 };
  if (hasBytes(head, '<\x00?\x00') || hasBytes(head, '<\x00!\x00')) return { encoding: 'utf-16le', mark: 0 };
  if (hasBytes(head, '\x00<\x00?') || hasBytes(head, '\x00<\x00!')) return { encoding: 'utf-16be', mark: 0 };
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(latin1(head.subarray(0, 256)))?.[1];
  return { encoding: declared !== undefined && isByteEncoding(declared) ? declared.toLowerCase() : 'utf-8', mark: 0 };
}

/** Encodings in which ASCII is ASCII: a declaration that could be read cannot make it something else. */
function isByteEncoding(label: string): boolean {
  return /^(utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|gbk|gb2312|gb18030|big5|shift_jis|euc-(jp|kr))$/i.test(
    label,
  );
}
