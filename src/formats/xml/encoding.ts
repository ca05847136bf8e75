import { TextDecoder } from 'node:util';
import { CordonError } from '../../core/errors.ts';
import { hasBytes, latin1 } from '../bytes/read.ts';

/** Character encoding of an XML document and the length of its byte order mark. */
export interface XmlEncoding {
  readonly encoding: string;
  readonly mark: 0 | 2 | 3 | 4;
}

/** Beginnings that tell the encoding: marks first, then `<` followed by `?`, `!` or a name, in two and four bytes. */
const SHAPES: readonly (readonly [start: string, encoding: string, mark: XmlEncoding['mark']])[] = [
  ['\x00\x00\xfe\xff', 'utf-32', 4],
  ['\xff\xfe\x00\x00', 'utf-32', 4],
  ['\x00\x00\x00<', 'utf-32', 0],
  ['<\x00\x00\x00', 'utf-32', 0],
  ['\xef\xbb\xbf', 'utf-8', 3],
  ['\xff\xfe', 'utf-16le', 2],
  ['\xfe\xff', 'utf-16be', 2],
  ['<\x00', 'utf-16le', 0],
  ['\x00<', 'utf-16be', 0],
];

/**
 * The encoding by byte order mark, by the shape of `<?xml`, or as declared. Why: a scanner that reads UTF-16 as UTF-8 sees
 * no document type where the loader's parser sees one.
 */
export function detectEncoding(head: Uint8Array): XmlEncoding {
  const shape = SHAPES.find(([start]) => hasBytes(head, start));
  if (shape) return { encoding: shape[1], mark: shape[2] };
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(latin1(head.subarray(0, 256)))?.[1];
  return { encoding: declared?.toLowerCase() ?? 'utf-8', mark: 0 };
}

/** A decoder for the encoding; throws `format.unsupported` for one in which ASCII is not ASCII or that nobody knows. */
export function xmlDecoder(encoding: string): TextDecoder {
  const readable =
    /^(utf-?8|utf-16|utf-16[lb]e|us-ascii|ascii|iso-8859-\d{1,2}|windows-\d{3,4}|cp125\d|koi8-[ru]|gbk|gb2312|gb18030|big5|shift_jis|euc-(jp|kr))$/;
  try {
    // Why not utf-16 for bytes that are ASCII: a declaration that could be read byte by byte cannot be in two-byte units.
    if (readable.test(encoding)) return new TextDecoder(encoding === 'utf-16' ? 'utf-8' : encoding);
  } catch (cause) {
    throw new CordonError('format.unsupported', `XML in the encoding ${encoding.slice(0, 40)}`, { cause });
  }
  throw new CordonError('format.unsupported', `XML in the encoding ${encoding.slice(0, 40)}`);
}
