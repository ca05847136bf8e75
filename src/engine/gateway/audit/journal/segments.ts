import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a journal. A run is one process from its start to its end; it writes its segments one after the other. */
export interface Segment {
  readonly run: string;
  /** Counts from 1. */
  readonly number: number;
  readonly path: string;
}

const NAME = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\.(\d{8})\.journal$/;

/** Where a segment lies. */
export function segmentPath(folder: string, run: string, number: number): string {
  return join(folder, `${run}.${String(number).padStart(8, '0')}.journal`);
}

/** The segments in a folder by run, oldest run first, each in the order in which they were written. */
export async function listRuns(folder: string): Promise<ReadonlyMap<string, readonly Segment[]>> {
  const runs = new Map<string, Segment[]>();
  // Why sorting names sorts time: runs are UUIDv7, numbers have a fixed width.
  for (const name of (await readdir(folder)).toSorted()) {
    const [, run, number] = NAME.exec(name) ?? [];
    if (run === undefined) continue;
    const segments = runs.get(run) ?? [];
    segments.push({ run, number: Number(number), path: join(folder, name) });
    runs.set(run, segments);
  }
  return runs;
}
