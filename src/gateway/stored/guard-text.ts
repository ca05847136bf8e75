import { createHash } from 'node:crypto';
import { setImmediate as rest } from 'node:timers/promises';
import { CordonError } from '../../core/errors.ts';
import { GuardStream } from '../../engine/guard/guard-stream.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { requireClient } from '../exchange/require-client.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { passed, refusalOf, refuses } from '../guarding/refusal.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { bytesOf, type Spool } from '../spool/spool.ts';
import { encoded, type FileEncoding } from './file-encoding.ts';

/** Up to here a text is decided about as one. Why not all: whoever looks at it holds it in memory, many times over. */
const WHOLE_BYTES = 1024 * 1024;
/** Code units of a longer text that judges see again with what follows. */
const OVERLAP = 2_000;
const WINDOW = 32_000;

type Encoding = FileEncoding & {
  /** Only plain letters of it are read. */
  readonly isPlain?: boolean;
};

/** How letters are read that may stand between the units of another encoding. */
const LETTERS = { name: 'utf-8', isExact: false, isPlain: true } as const;

/**
 * Guards a text that was collected, as one document; what is left of it goes into `into`. A long one is replaced in as if it were read as
 * a whole, and looked at piece by piece. Throws `gateway.refused`, also where something is to be replaced in what is not wholly text.
 */
export async function guardText(
  exchange: Exchange,
  guard: Guard,
  direction: 'request' | 'response',
  file: Streamed,
  into: Spool,
  encoding: FileEncoding,
): Promise<void> {
  await guardAs(exchange, guard, direction, file, into, encoding);
  // Why: a mark and a few zeros at the beginning make letters into signs, and not everybody heeds them.
  if (encoding.name !== 'utf-8') await guardAs(exchange, guard, direction, into, undefined, LETTERS);
}

/** Without `into` nothing may be replaced. */
async function guardAs(
  exchange: Exchange,
  guard: Guard,
  direction: 'request' | 'response',
  file: Streamed,
  into: Spool | undefined,
  encoding: Encoding,
): Promise<void> {
  if (file.length <= WHOLE_BYTES) return guardWhole(exchange, guard, direction, file, into, encoding);
  const stream = new GuardStream(guard, { channel: 'document', ...(guard.hasJudges && { judges: 'later' as const }) });
  const read = reader(encoding);
  const [before, after] = [createHash('sha256'), createHash('sha256')];
  let window = '';
  const judge = async (text: string, isLast: boolean): Promise<void> => {
    if (!guard.hasJudges) return;
    window += text;
    while (window.length > WINDOW || (isLast && window !== '')) {
      const decision = await guard.assess({ text: window.slice(0, WINDOW), channel: 'document' });
      if (refuses(decision)) return refuse(exchange, direction, decision);
      window = window.length > WINDOW ? window.slice(WINDOW - OVERLAP) : '';
    }
  };
  const take = async (text: string, isLast: boolean): Promise<void> => {
    requireClient(exchange);
    await judge(text, isLast);
    before.update(text);
    const out = stream.push(text) + (isLast ? stream.end() : '');
    if (stream.blocked !== undefined) return refuse(exchange, direction, stream.blocked);
    after.update(out);
    if (encoding.isExact) await into?.write(encoded(out, encoding));
    // Why: a long file must not keep everybody else waiting.
    await rest();
  };
  for await (const chunk of file.open()) await take(read(chunk), false);
  await take(read(undefined), true);
  const isChanged = before.digest('hex') !== after.digest('hex');
  exchange.decided(direction, passed(isChanged, guard.policyDigest));
  if (!encoding.isExact) await keepAsItIs(file, into, isChanged);
}

/** What is no text, and is left out by readers who go by the letters; more of it in one place ends what was said. */
const SINGLE = /\0|(?<!\ufffd)\ufffd(?!\ufffd)/g;
const SEVERAL = /\ufffd{2,}/g;

/** Why: of signs of another encoding it makes others, which mean nothing. */
const NOT_PLAIN = /[^\t\n\r\x20-\x7e]+/g;

/** Reads piece by piece; undefined: there are no more. */
function reader({ name, isExact, isPlain = false }: Encoding): (chunk: Buffer | undefined) => string {
  const decoder = new TextDecoder(name, { ignoreBOM: true });
  return (chunk) => {
    const text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    if (isExact) return text;
    const read = text.replaceAll(SEVERAL, '\n').replaceAll(SINGLE, '');
    return isPlain ? read.replaceAll(NOT_PLAIN, '\n') : read;
  };
}

async function keepAsItIs(file: Streamed, into: Spool | undefined, isChanged: boolean): Promise<void> {
  if (isChanged) throw new CordonError('gateway.refused', 'The file holds what has to be replaced, and is not wholly text.');
  if (into === undefined) return;
  for await (const chunk of file.open()) await into.write(chunk);
}

async function guardWhole(
  exchange: Exchange,
  guard: Guard,
  direction: 'request' | 'response',
  file: Streamed,
  into: Spool | undefined,
  encoding: Encoding,
): Promise<void> {
  const read = reader(encoding);
  const text = read(await bytesOf(file)) + read(undefined);
  const holder: JsonObject = { text };
  const places = new Places();
  places.rest(holder, 'text', 'document');
  const { decision } = await guardPlaces(guard, places, {});
  if (direction === 'response' || decision.effect !== 'allow') exchange.decided(direction, decision);
  if (refuses(decision)) throw refusalOf(direction, decision);
  if (!encoding.isExact) return keepAsItIs(file, into, holder.text !== text);
  await into?.write(encoded(String(holder.text), encoding));
}

function refuse(exchange: Exchange, direction: 'request' | 'response', decision: Parameters<typeof refusalOf>[1]): never {
  exchange.decided(direction, decision);
  throw refusalOf(direction, decision);
}
