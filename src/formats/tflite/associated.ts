import type { Budget } from '../../core/budget.ts';
import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../bytes/source.ts';
import { readArchives } from '../zip/archive.ts';
import { endsAsZip } from '../zip/signature.ts';

/**
 * The zip archive behind a model: the metadata tools of TensorFlow Lite append label maps and vocabularies that way. It
 * begins with its first member, whatever its directory says of the bytes before.
 */
export function associatedFiles(source: ByteSource, budget: Budget): ByteSource | undefined {
  if (!endsAsZip(source, false)) return undefined;
  let start = source.size;
  for (const { entries } of readArchives(source, budget)) {
    for (const { central, local } of entries) if (local !== undefined) start = Math.min(start, central.localOffset);
  }
  if (start === source.size || start === 0) throw malformed('tflite: the archive behind the model has no readable member');
  return sliceSource(source, start, source.size - start);
}
