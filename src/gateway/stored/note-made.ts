import type { Usage } from '../../engine/gateway/call.ts';
import type { ObjectKind } from '../../engine/gateway/objects/objects.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ToolCalls } from '../exchange/tool-calls.ts';
import { objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Made } from '../protocol.ts';

/** Tokens that come to a request which names something that a provider keeps. */
export interface KeptLength {
  readonly tokens: number;
}

/** A conversation is all that was read and said for its last answer; an item is a part of what was said. */
function lengthOf(kind: ObjectKind, usage: Usage | undefined): KeptLength | null {
  if (usage?.measured !== true) return null;
  if (kind === 'response' || kind === 'message') return { tokens: usage.inputTokens + usage.outputTokens };
  return kind === 'item' ? { tokens: usage.outputTokens } : null;
}

/** Writes down whose it is what a provider keeps of an answer. `request` says whether it was asked to. */
export function noteMade(exchange: Exchange, toolCalls: ToolCalls, request: JsonObject, made: readonly Made[]): void {
  const { services, target, call } = exchange;
  if (target === undefined) return;
  // Why: chat completions and threads of messages are kept only for who asks for it, responses for everybody who does not say no.
  const kept = made.filter(({ kind }) =>
    kind === 'completion' ? request.store === true : kind === 'message' ? isObject(request.thread) : true,
  );
  const common = { upstream: target.upstream, principal: call.caller.principal.id, model: call.model, purpose: '' };
  services.objects.note(
    kept.map(({ kind, id }) => ({ ...common, kind, id, detail: lengthOf(kind, exchange.usage), madeAt: services.now() })),
  );
  for (const { kind, id } of kept) if (kind === 'response' || kind === 'message') toolCalls.remember(id);
}

/** What the provider keeps of a response: itself, its items, and the containers in which code ran. */
export function madeInResponse(response: JsonObject): readonly Made[] {
  if (response.store === false) return [];
  const made: Made[] = [{ kind: 'response', id: string(response.id) }];
  for (const { id, container_id } of objectsOf(response.output)) {
    if (typeof id === 'string') made.push({ kind: 'item', id });
    if (typeof container_id === 'string') made.push({ kind: 'container', id: container_id });
  }
  return made;
}

/** What the provider may keep of a message of Anthropic: itself, as the end of a thread, and its container. */
export function madeInMessage({ id, container }: JsonObject): readonly Made[] {
  const made: Made[] = typeof id === 'string' ? [{ kind: 'message', id }] : [];
  return isObject(container) ? [...made, { kind: 'container', id: string(container.id) }] : made;
}
