/** Writes the normalised text of every training row, as the guard will see it: `tsx training/classifier/normalise.ts FOLDER > FILE`. */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { normalise } from '../../src/patterns/normalise/normalise.ts';

const folder = process.argv[2] ?? '.';
for (const name of ['train-attacks.jsonl.gz', 'train-benign.jsonl.gz']) {
  const lines = gunzipSync(readFileSync(join(folder, name)))
    .toString('utf8')
    .split('\n');
  for (const line of lines) {
    if (line !== '') writeSync(1, `${JSON.stringify(normalise((JSON.parse(line) as { text: string }).text).text)}\n`);
  }
}
