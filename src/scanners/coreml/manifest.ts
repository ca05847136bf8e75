import type { Json } from '../../core/artifact.ts';
import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import type { FileSubject } from '../../core/subject.ts';
import { readAll, utf8 } from '../../formats/bytes/read.ts';
import { parseJson } from '../../formats/json/parse.ts';

/** True for the manifest of a model package: what makes a folder an `.mlpackage`. */
export function isManifest({ name, format, head }: FileSubject): boolean {
  return name === 'Manifest.json' && format === 'json' && utf8(head).includes('"itemInfoEntries"');
}

/** The paths a manifest names; they are joined to the `Data` folder of the package. */
export function* manifestPaths(source: ByteSource, budget: Budget): Generator<string> {
  const entries = member(parseJson(readAll(source, budget)).value, 'itemInfoEntries');
  if (entries === null || typeof entries !== 'object') return;
  for (const item of Object.values(entries)) {
    const path = member(item, 'path');
    if (typeof path === 'string') yield path;
  }
}

function member(value: Json, key: string): Json {
  return value === null || typeof value !== 'object' ? null : (new Map(Object.entries(value)).get(key) ?? null);
}
