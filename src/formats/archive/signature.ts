import type { ByteSource } from '../../core/source.ts';
import { hasBytes, latin1 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** A container that is recognised but not read. */
export interface UnreadContainer {
  readonly name: string;
  readonly magic: string;
  /** Where the magic number stands; 0 unless said. */
  readonly at?: number;
}

/** Containers that an unpacker on a user's machine may open. What is in them stays unscanned, which is reported. */
const UNREAD: readonly UnreadContainer[] = [
  { name: 'cabinet', magic: 'MSCF\0\0\0\0' },
  { name: 'ar or Debian package', magic: '!<arch>\n' },
  { name: 'cpio', magic: '070701' },
  { name: 'cpio', magic: '070702' },
  { name: 'cpio', magic: '070707' },
  { name: 'xar', magic: 'xar!\0' },
  { name: 'Windows image', magic: 'MSWIM\0\0\0' },
  { name: 'ISO 9660 image', magic: '\x01CD001', at: 0x8000 },
  { name: 'SquashFS image', magic: 'hsqs' },
  { name: 'ACE', magic: '**ACE**', at: 7 },
  { name: 'LHA', magic: '-lh', at: 2 },
  { name: 'lzip', magic: 'LZIP\x01' },
  { name: 'lzop', magic: '\x89LZO\0\r\n\x1a\n' },
  { name: 'RPM package', magic: '\xed\xab\xee\xdb' },
  { name: 'compress', magic: '\x1f\x9d\x90' },
  { name: 'pack200', magic: '\xca\xfe\xd0\x0d' },
  { name: 'framed Snappy', magic: '\xff\x06\0\0sNaPpY' },
];

/** RAR of every version. */
export const rar: Signature = { format: 'rar', matches: (head) => hasBytes(head, 'Rar!\x1a\x07') };

/** Any other container that is not read. */
export const unreadArchive: Signature = {
  format: 'archive',
  matches: (head, source) => unreadContainer(head, source) !== undefined,
};

/** Which of the containers that are not read this is. */
export function unreadContainer(head: Uint8Array, source: ByteSource): UnreadContainer | undefined {
  return UNREAD.find((container) => {
    const { magic, at = 0 } = container;
    const bytes = at + magic.length <= head.length || head.length < 4096 ? head.subarray(at) : source.read(at, magic.length);
    return hasBytes(bytes, magic) && confirms(container.name, head);
  });
}

/** Magic numbers that text may also begin with need a second look. */
function confirms(name: string, head: Uint8Array): boolean {
  // "-lh5-": one character and a second hyphen follow.
  if (name === 'LHA') return head[6] === 0x2d;
  // The whole header is digits, without a line end.
  return name !== 'cpio' || /^[0-9A-Fa-f]{76}/.test(latin1(head.subarray(0, 76)));
}
