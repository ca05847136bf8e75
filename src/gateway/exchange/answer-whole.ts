import { writeJson } from '../../formats/exact-json/write-json.ts';
import { isUtf8 } from 'node:buffer';
import { CordonError } from '../../core/errors.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { guardPlaces, textsLeft } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { parseObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Guarding } from './guarding.ts';

/** An answer that was decided about. */
export interface WholeAnswer {
  readonly bytes: Buffer;
  readonly decision: GuardDecision;
}

/** Guards a whole answer. One in which nothing is replaced keeps its bytes. Throws `upstream.failed` for what is no answer. */
export async function answerWhole(guarding: Guarding, bytes: Buffer, contentType = ''): Promise<WholeAnswer> {
  const { exchange, protocol, guard, call, restored, toolCalls, keep } = guarding;
  const isPlain = protocol.plainText?.test(contentType) === true;
  const body = isPlain ? textBody(bytes) : objectOf(bytes);
  const view = protocol.reply(body);
  if (view.usage !== undefined) exchange.usage = view.usage;
  exchange.media.made = view.media;
  const refused = new Set<number>();
  let objection: GuardDecision | undefined;
  for (const { choice, call: made } of view.calls) {
    const against = toolCalls.objectionTo(made);
    if (against === undefined) continue;
    objection ??= against;
    refused.add(choice);
  }
  // Why after the calls: what goes on from this answer knows of them.
  if (view.made !== undefined) guarding.made?.(view.made);
  const { decision, changed } = await guardPlaces(guard, view.places, call, restored);
  keep?.(textsLeft(view.places, decision));
  if (refuses(decision)) {
    if (protocol.refusesAnswers === true) {
      exchange.decided('response', decision);
      throw refusalOf('response', decision);
    }
    // Why all of them: what is emptied below is only what clients know of.
    for (const place of view.places.list) place.set('');
    protocol.block(body, undefined);
  } else if (objection !== undefined) protocol.block(body, refused);
  else if (!changed && view.isChanged !== true) return { bytes, decision };
  protocol.strip(body);
  if (isPlain) return { bytes: Buffer.from(String(body.text)), decision };
  return { bytes: Buffer.from(writeJson(body)), decision: refuses(decision) ? decision : (objection ?? decision) };
}

/** Guards the body of an error: a provider may repeat in it what it was sent. */
export async function errorWhole(guarding: Guarding, bytes: Buffer): Promise<WholeAnswer> {
  const body = objectOf(bytes);
  const places = new Places();
  places.others(body, new Set(), 'assistant');
  const { decision, changed } = await guardPlaces(guarding.guard, places, guarding.call, guarding.restored);
  if (refuses(decision)) throw new CordonError('upstream.failed', 'the model provider answered with an error that is withheld by policy');
  return { bytes: changed ? Buffer.from(writeJson(body)) : bytes, decision };
}

function textBody(bytes: Buffer): Record<string, unknown> {
  if (!isUtf8(bytes)) throw new CordonError('upstream.failed', 'the model provider sent a text that is not UTF-8');
  return { text: bytes.toString('utf8') };
}

function objectOf(bytes: Buffer): Record<string, unknown> {
  try {
    return parseObject(bytes);
  } catch (cause) {
    throw new CordonError('upstream.failed', 'the model provider sent an answer that is no JSON object', { cause });
  }
}
