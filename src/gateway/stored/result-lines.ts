import type { Guard } from '../../engine/guard/guard.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { requireClient } from '../exchange/require-client.ts';
import { openToolCalls } from '../exchange/tool-calls.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refuses } from '../guarding/refusal.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Protocol } from '../protocol.ts';
import { NO_REQUEST } from './no-request.ts';
import { noteMade } from './note-made.ts';

/** Where the answer stands in a line of results, and how it is read. */
export interface AnswerInLine {
  readonly answer: JsonObject;
  readonly protocol: Protocol;
}

/**
 * Guards a line of the results of a batch, in place. An answer that the guard refuses is emptied as it would be by itself; a line
 * without one loses everything but `named`.
 */
export async function guardResultLine(
  exchange: Exchange,
  guard: Guard,
  line: JsonObject,
  within: AnswerInLine | undefined,
  named: string,
): Promise<JsonObject> {
  requireClient(exchange);
  const places = new Places();
  const view = within?.protocol.reply(within.answer);
  let refused: Set<number> | undefined;
  if (within !== undefined && view !== undefined) {
    // Why as if anybody had spoken: what was asked is not known any more.
    const toolCalls = await openToolCalls(exchange, guard, NO_REQUEST, '');
    for (const { choice, call } of view.calls) if (toolCalls.objectionTo(call) !== undefined) (refused ??= new Set()).add(choice);
    noteMade(exchange, toolCalls, {}, view.made ?? []);
  }
  readOutside(places, line, within?.answer);
  const outside = [...places.list];
  if (view !== undefined) {
    places.list.push(...view.places.list);
    places.groups.push(...view.places.groups);
  }
  const { decision, changed } = await guardPlaces(guard, places, {});
  if (exchange.responseDecision === undefined || decision.effect !== 'allow') exchange.decided('response', decision);
  if (refuses(decision)) {
    if (within === undefined)
      return { [named]: line[named], error: { code: 'content_filter', message: 'The result was refused by policy.' } };
    // Why all of them: what is emptied below is only what clients know of.
    for (const place of view?.places.list ?? []) place.set('');
    for (const place of outside) if (place.key !== named) place.set('');
    within.protocol.block(within.answer, undefined);
  } else if (refused !== undefined) within?.protocol.block(within.answer, refused);
  else if (!changed) return line;
  within?.protocol.strip(within.answer);
  return line;
}

/** Texts of a line that are no part of the answer. */
function readOutside(places: Places, holder: JsonObject, answer: JsonObject | undefined): void {
  for (const key of Object.keys(holder)) {
    const value = holder[key];
    if (value === answer && answer !== undefined) continue;
    if (isObject(value) && answer !== undefined) readOutside(places, value, answer);
    else places.others(holder, new Set(Object.keys(holder).filter((other) => other !== key)), 'document');
  }
}
