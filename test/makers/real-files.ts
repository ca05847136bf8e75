import { readdirSync, readFileSync } from 'node:fs';
import type { FixtureCase } from '../fixture-case.ts';

/** One clean case for each file in `files/` beside the caller: written by real libraries, so nothing may be said of them. */
export function cleanRealFiles(caller: string): FixtureCase[] {
  const folder = new URL('files/', caller);
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({ name: `real file ${file}`, files: { [file]: new Uint8Array(readFileSync(new URL(file, folder))) }, rules: [] }));
}
