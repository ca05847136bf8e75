import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { BatchDue } from '../../engine/gateway/batches/batches.ts';
import { OBJECT_ID } from '../../engine/gateway/objects/objects.ts';
import type { Upstreams } from '../../engine/gateway/upstreams/upstreams.ts';
import { string } from '../json/fields.ts';
import { parseObject } from '../json/parse-object.ts';
import { BatchMeter, isOver } from './batch-meter.ts';
import { hasResults, settleBatch, type SettlingServices } from './settle-batch.ts';

const EVERY_MS = 10_000;
const AT_ONCE = 10;
/** Pauses between two questions about one batch; the last one goes on. Why: providers take minutes to a day, and each question counts at them. */
const PAUSES_MS = [300_000, 600_000, 1_200_000, 3_600_000] as const;
/** Why: both providers end batches within a day; whatever is not settled then stays charged at its most. */
const GIVE_UP_MS = 4 * 86_400_000;
/** Why: a file of results has as many lines as the batch had requests; one of them is an answer. */
const MOST_OF_LINE = 32 * 1024 ** 2;
/** Why more than an answer may have: results are counted line by line, and never held. */
const MOST_OF_RESULTS = 4 * 1024 ** 3;

/** What following needs. */
export interface FollowOptions extends SettlingServices {
  readonly upstreams: Upstreams;
  readonly log: Logger;
}

/** Asks providers what became of batches whose results nobody fetched; one process of a server does it. Returns what ends it. */
export function followBatches(options: FollowOptions): () => Promise<void> {
  let work: Promise<void> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    work = followOnce(options)
      .catch((error: unknown) => options.log.warn({ error: errorMessage(error) }, 'batches could not be followed'))
      .finally(() => (isBusy = false));
  }, EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    return work;
  };
}

/** Asks about the batches that are due, a few of them. */
export async function followOnce(options: FollowOptions): Promise<void> {
  for (const due of await options.batches.take(AT_ONCE, (tries) => PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]!)) {
    try {
      await follow(options, due);
    } catch (error) {
      options.log.warn({ batch: due.id, upstream: due.upstream, error: errorMessage(error) }, 'a batch could not be settled yet');
    }
    // Only where it is not settled by now.
    if (options.now() - due.madeAt > GIVE_UP_MS) await settleAtMost(options, due);
  }
}

async function follow(options: FollowOptions, due: BatchDue): Promise<void> {
  const { kind, id } = due;
  const path = kind === 'batch' ? `/batches/${id}` : `/messages/batches/${id}`;
  const chunks: Buffer[] = [];
  const status = await fetchFrom(options, due, { path, maxResponseBytes: MOST_OF_LINE }, (chunk) => void chunks.push(chunk));
  const body = status < 400 ? parseObject(Buffer.concat(chunks)) : undefined;
  if (body !== undefined && isOver(kind, body)) {
    const meter = new BatchMeter(due);
    const file = string(body.output_file_id);
    const results = kind === 'batch' ? (OBJECT_ID.test(file) ? `/files/${file}/content` : undefined) : `${path}/results`;
    if (!hasResults(kind, body)) return settleBatch(options, due, meter.spent);
    if (results !== undefined && (await readLines(options, due, results, meter)) && meter.isReadable)
      return settleBatch(options, due, meter.spent);
  }
  if (status === 404) await settleAtMost(options, due);
}

/** Why at the most: it was made, and nobody can say any more what it came to. */
function settleAtMost(options: FollowOptions, due: BatchDue): Promise<void> {
  return settleBatch(options, due, { usage: due.atMost, costMicros: due.charged });
}

/** Counts the lines of a file of results; false: it is not there (any more). */
async function readLines(options: FollowOptions, due: BatchDue, path: string, meter: BatchMeter): Promise<boolean> {
  let rest: Buffer[] = [];
  let length = 0;
  const line = (): void => {
    const bytes = Buffer.concat(rest);
    [rest, length] = [[], 0];
    if (bytes.length > 0) meter.take(parseObject(bytes));
  };
  const status = await fetchFrom(options, due, { path, maxResponseBytes: MOST_OF_RESULTS }, (chunk, isGood) => {
    if (!isGood) return;
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      rest.push(chunk.subarray(start, end));
      line();
      start = end + 1;
    }
    length += chunk.length - start;
    if (length > MOST_OF_LINE) throw new CordonError('upstream.failed', 'the model provider sent a line that is too long');
    rest.push(chunk.subarray(start));
  });
  if (status < 400) line();
  return status < 400;
}

/** Fetches something from the provider of a batch, piece by piece; answers the status. Rejects with what `take` throws, too. */
function fetchFrom(
  { upstreams }: FollowOptions,
  { kind, upstream }: BatchDue,
  asked: { readonly path: string; readonly maxResponseBytes: number },
  take: (chunk: Buffer, isGood: boolean) => void,
): Promise<number> {
  return new Promise((settle, fail) => {
    let status = 0;
    const request = {
      protocol: kind === 'batch' ? 'openai' : 'anthropic',
      ...asked,
      method: 'GET',
      headers: {},
      body: () => Buffer.alloc(0),
      idempotent: true,
      stream: false,
    } as const;
    const sending = upstreams.sendTo(upstream, request, {
      head: (code) => void (status = code),
      data(chunk) {
        try {
          take(chunk, status < 300);
        } catch (error) {
          fail(error as Error);
          sending.abort('the answer cannot be read');
        }
        return true;
      },
      end: () =>
        status >= 300 && status < 400 ? fail(new CordonError('upstream.failed', 'the model provider redirects')) : settle(status),
      error: fail,
    });
  });
}
