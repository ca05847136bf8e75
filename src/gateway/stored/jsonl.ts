import { writeJson } from '../../formats/exact-json/write-json.ts';
import { setImmediate as rest } from 'node:timers/promises';
import { CordonError } from '../../core/errors.ts';
import { type JsonObject, parseObject } from '../json/parse-object.ts';

/** Why: no provider takes more requests in a file. */
const MOST_LINES = 50_000;
/** Why: a large file must not keep everybody else waiting. */
const LINES_AT_ONCE = 20;

/**
 * Reads a file of JSON objects, one in each line, and writes it anew with what `change` leaves of them. Throws `request.invalid` for
 * lines that two readers could cut in two ways; whoever splits at other line separators than LF finds none in what is written.
 */
export async function rewriteLines(bytes: Buffer, change: (line: JsonObject, length: number) => Promise<JsonObject>): Promise<Buffer> {
  const written: Buffer[] = [];
  let start = 0;
  for (let count = 1; start < bytes.length; count++) {
    if (count > MOST_LINES) throw new CordonError('input.too-large', `the file has more than ${MOST_LINES} lines`);
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
    let object: JsonObject;
    try {
      object = parseObject(line);
    } catch (cause) {
      throw new CordonError('request.invalid', `line ${count} of the file cannot be read`, { cause });
    }
    written.push(lineOf(await change(object, line.length)));
    if (count % LINES_AT_ONCE === 0) await rest();
  }
  if (written.length === 0) throw new CordonError('request.invalid', 'the file is empty');
  return Buffer.concat(written);
}

/** An object as one line, whatever a reader takes for the end of one. */
export function lineOf(object: JsonObject): Buffer {
  const text = writeJson(object).replaceAll(/[\u0085\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(`${text}\n`);
}
