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
  const { value } = parseJson(readAll(source, budget));
  for (const item of Object.values(member(value, 'itemInfoEntries') ?? {})) {
    const path = member(item, 'path');
    if (typeof path === 'string') yield path;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
