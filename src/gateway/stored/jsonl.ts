import { setImmediate as rest } from 'node:timers/promises';
import { CordonError } from '../../core/errors.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import { writeJson } from '../../formats/exact-json/write-json.ts';
import { type JsonObject, parseObject } from '../json/parse-object.ts';
import type { Spool } from '../spool/spool.ts';

/** Why: no provider takes more requests in a file. */
export const MOST_REQUESTS = 50_000;
/** Why: a line is one request or answer, and read as a whole. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;
/** Why: a large file must not keep everybody else waiting. */
const LINES_AT_ONCE = 20;

/**
 * Reads a file of JSON objects, one in each line, and writes it anew with what `change` leaves of them, line by line. Throws
 * `request.invalid` for lines that two readers could cut in two ways; whoever splits at other line separators than LF finds none in what
 * is written.
 */
export async function rewriteLines(
  file: Streamed,
  into: Spool,
  change: (line: JsonObject, length: number) => JsonObject | Promise<JsonObject>,
  mostLines = MOST_REQUESTS,
): Promise<void> {
  let count = 0;
  for await (const line of linesOf(file)) {
    if (++count > mostLines) throw new CordonError('input.too-large', `the file has more than ${mostLines} lines`);
    let object: JsonObject;
    try {
      object = parseObject(line);
    } catch (cause) {
      throw new CordonError('request.invalid', `line ${count} of the file cannot be read`, { cause });
    }
    await into.write(lineOf(await change(object, line.length)));
    if (count % LINES_AT_ONCE === 0) await rest();
  }
  if (count === 0) throw new CordonError('request.invalid', 'the file is empty');
}

/** The lines of a file, without their ends. */
async function* linesOf(file: Streamed): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of file.open()) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      held.push(chunk.subarray(start, end));
      yield held.length === 1 ? held[0]! : Buffer.concat(held);
      [held, length, start] = [[], 0, end + 1];
    }
    held.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MOST_LINE_BYTES) throw new CordonError('input.too-large', `a line of the file has more than ${MOST_LINE_BYTES} bytes`);
  }
  if (length > 0) yield Buffer.concat(held);
}

/** An object as one line, whatever a reader takes for the end of one. */
export function lineOf(object: JsonObject): Buffer {
  const text = writeJson(object).replaceAll(/[\u0085\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(`${text}\n`);
}
