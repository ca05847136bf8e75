import { createHash } from 'node:crypto';
import { setImmediate as rest } from 'node:timers/promises';
import { GuardStream } from '../../engine/guard/guard-stream.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import type { Streamed } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { passed, refusalOf, refuses } from '../guarding/refusal.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import { bytesOf, type Spool } from '../spool/spool.ts';

/** Up to here a text is decided about as one. Why not all: whoever looks at it holds it in memory, many times over. */
const WHOLE_BYTES = 1024 * 1024;
/** Code units of a longer text that judges see again with what follows. */
const OVERLAP = 2_000;
const WINDOW = 32_000;

/** Whether bytes are text that somebody could read: UTF-8 without NUL. */
export async function isText(file: Streamed): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of file.open()) {
      if (chunk.includes(0)) return false;
      decoder.decode(chunk, { stream: true });
    }
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Guards a text that was collected, as one document; what is left of it goes into `into`. A long one is replaced in as if it were read as
 * a whole, and looked at piece by piece. Throws `gateway.refused`.
 */
export async function guardText(
  exchange: Exchange,
  guard: Guard,
  direction: 'request' | 'response',
  file: Streamed,
  into: Spool,
): Promise<void> {
  if (file.length <= WHOLE_BYTES) return guardWhole(exchange, guard, direction, file, into);
  const stream = new GuardStream(guard, { channel: 'document', ...(guard.hasJudges && { judges: 'later' as const }) });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
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
    await judge(text, isLast);
    const out = stream.push(text) + (isLast ? stream.end() : '');
    if (stream.blocked !== undefined) return refuse(exchange, direction, stream.blocked);
    const bytes = Buffer.from(out);
    after.update(bytes);
    await into.write(bytes);
    // Why: a long file must not keep everybody else waiting.
    await rest();
  };
  for await (const chunk of file.open()) {
    before.update(chunk);
    await take(decoder.decode(chunk, { stream: true }), false);
  }
  await take(decoder.decode(), true);
  exchange.decided(direction, passed(before.digest('hex') !== after.digest('hex'), guard.policyDigest));
}

async function guardWhole(exchange: Exchange, guard: Guard, direction: 'request' | 'response', file: Streamed, into: Spool): Promise<void> {
  const holder: JsonObject = { text: (await bytesOf(file)).toString('utf8') };
  const places = new Places();
  places.rest(holder, 'text', 'document');
  const { decision } = await guardPlaces(guard, places, {});
  if (direction === 'response' || decision.effect !== 'allow') exchange.decided(direction, decision);
  if (refuses(decision)) throw refusalOf(direction, decision);
  await into.write(Buffer.from(String(holder.text)));
}

function refuse(exchange: Exchange, direction: 'request' | 'response', decision: Parameters<typeof refusalOf>[1]): never {
  exchange.decided(direction, decision);
  throw refusalOf(direction, decision);
}
