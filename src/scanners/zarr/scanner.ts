import type { Json } from '../../core/artifact.ts';
import { fileScanner } from '../../core/plugin.ts';
import { readAll } from '../../formats/bytes/read.ts';
import { parseJson } from '../../formats/json/parse.ts';

const METADATA = /^(\.zarray|\.zmetadata|\.zgroup|zarr\.json)$/;
/** Codecs that unpickle what they decode, by the names of Zarr 2 (`id`) and 3 (`name`). */
const PICKLES = /^(numcodecs[./])?(pickle|dill|cloudpickle)$/i;

/** Reads Zarr metadata (Orbax and other checkpoint folders): codecs that execute what they decode. */
export const zarrScanner = fileScanner({
  id: 'zarr',
  title: 'Zarr metadata',
  rules: [
    {
      id: 'zarr.pickle-codec',
      title: 'Zarr array whose chunks are pickles',
      severity: 'high',
      why: 'The codec unpickles every chunk on reading: whoever writes a chunk runs code in the process that reads the array.',
      fix: 'Store the array with a fixed type, or objects with the JSON or MessagePack codec.',
      maps: ['CWE-502', 'OWASP-LLM03:2025'],
    },
  ],
  accepts: (subject) => subject.format === 'json' && METADATA.test(subject.name.slice(subject.name.lastIndexOf('/') + 1)),
  *inspect({ source }, context) {
    const codecs = new Set(codecNames(parseJson(readAll(source, context.budget), { nonFinite: true }).value));
    for (const codec of codecs) {
      if (PICKLES.test(codec))
        yield { rule: 'zarr.pickle-codec', key: codec, message: `Chunks are decoded by the codec “${codec}”, which unpickles them.` };
    }
  },
});

/** Every `id` or `name` of an object in the document, without recursion. */
function* codecNames(root: Json): Iterable<string> {
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      if ((key === 'id' || key === 'name') && typeof item === 'string') yield item;
      open.push(item as Json);
    }
  }
}
