import type { ByteSource } from '../../core/source.ts';
import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';
import { findEndRecords } from './end-record.ts';

/** A zip archive that begins with its first member, or an empty one. */
export const zip: Signature = {
  format: 'zip',
  matches: (head) => hasBytes(head, 'PK\x03\x04') || hasBytes(head, 'PK\x05\x06'),
};

/**
 * True when the end of the source is a zip directory, whatever the beginning is. Why: `zipfile`, Java and most unzip tools
 * look for the directory from the end and accept any prefix. Bytes behind the archive are accepted only with `loose`: a zip
 * inside a pickled byte string is followed by the rest of the pickle.
 */
export function endsAsZip(source: ByteSource, loose: boolean): boolean {
  const { size } = source;
  return findEndRecords(source).some((end) => end.entries > 0 && end.directories.length > 0 && (loose || end.end === size));
}
