import { malformed } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { latin1 } from '../bytes/read.ts';

const WINDOW = 1 << 20;
/** Why 32 MiB: a tree of a million leaves writes its longest line in that. */
const MAX_LINE = 32 << 20;

/** The lines of a text file, read in windows of 1 MiB; a line that never ends is refused. */
export function* readLines(source: ByteSource): Generator<string> {
  let rest = '';
  for (let offset = 0; offset < source.size; offset += WINDOW) {
    const lines = (rest + latin1(source.read(offset, WINDOW))).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw malformed('line without end', offset);
    yield* lines;
  }
  if (rest !== '') yield rest;
}
