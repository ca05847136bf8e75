import { fileScanner } from '../../core/plugin.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { isCompressed, openCompressed } from '../../formats/inflate/open.ts';

/** Names that compressing a file appends to it. */
const SUFFIX = /\.(?:gz|gzip|z|zlib|bz2|xz|lzma|lz4|zst|zstd)$/i;

/** Single compressed streams: compressed joblib, `.pkl.gz`, `.tar.xz` and the like. What is inside is scanned as a member. */
export const compressedScanner = fileScanner({
  id: 'compressed',
  title: 'Compressed stream',
  rules: [
    {
      id: 'compressed.broken-stream',
      title: 'Compressed data is broken or ends early',
      severity: 'high',
      why: 'Loaders execute what comes before the break; what lies behind it was not scanned.',
      fix: 'Fetch the file again and compare its digest with the publisher’s.',
      maps: ['CWE-20'],
    },
    {
      id: 'compressed.trailing-data',
      title: 'Data after the end of the compressed stream',
      severity: 'high',
      why: 'Decompressors ignore what follows the stream; readers of other formats find it there.',
      fix: 'Inflate the file, check the content and compress it again.',
      maps: ['CWE-436', 'CWE-912'],
    },
  ],
  accepts: (subject) => isCompressed(subject.format),
  *inspect({ source, format, name, opaque }, context) {
    const content = openCompressed(format, source, context.budget);
    if (content === undefined) return;
    context.descend({ name: SUFFIX.test(name) ? name.replace(SUFFIX, '') : `${name} (inflated)`, source: content });
    const { size, end } = content;
    context.fact('compressed', { kind: format, size });
    // Raw numbers may by chance begin like a stream.
    if (opaque && content.failure !== undefined) return;
    if (content.failure !== undefined) {
      context.inconclusive(content.failure.message);
      const message = `${format} stream: ${content.failure.message}, after ${size} good bytes`;
      yield { rule: 'compressed.broken-stream', key: format, message, at: { offset: end } };
      return;
    }
    const length = source.size - end;
    if (length <= 0 || isZero(source.read(end, length > MAX_PADDING ? 0 : length))) return;
    const message = `${length} bytes follow the ${format} stream`;
    yield { rule: 'compressed.trailing-data', key: format, message, at: { offset: end }, evidence: { length } };
    context.descend({ name: `(bytes ${end}-${source.size})`, source: sliceSource(source, end, length) });
  },
});

/** Zeros up to the end of a tape block are padding. */
const MAX_PADDING = 64 * 1024;

function isZero(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte === 0);
}
