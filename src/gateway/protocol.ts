import type { CordonError } from '../core/errors.ts';
import type { Usage } from '../engine/gateway/call.ts';
import type { MediaAsked, MediaMade } from '../engine/gateway/prices/media-price.ts';
import type { ObjectKind } from '../engine/gateway/objects/objects.ts';
import type { ToolEvent } from '../policy/tools/adapters/tool-event.ts';
import type { ToolCall } from '../policy/tools/tool-call.ts';
import type { Channel } from '../core/text.ts';
import type { Delta } from './guarding/event-queue.ts';
import type { JsonObject } from './json/parse-object.ts';
import type { Places } from './places/places.ts';
import type { SseEvent } from './sse/sse-reader.ts';
import type { Translate } from './translate/translation.ts';

/** What the pipeline needs to know of a request, whatever its protocol. */
export interface RequestView {
  readonly model: string;
  readonly stream: boolean;
  readonly places: Places;
  /** How many answers are asked for. */
  readonly choices: number;
  /** Tokens that one answer may have at most; undefined: the client did not say. */
  readonly maxOutputTokens: number | undefined;
  /** What is asked for besides tokens. */
  readonly media?: MediaAsked;
  /** Names of the tools that the model is told of. */
  readonly tools: readonly string[];
  /** The conversation so far, as the tool policy sees it. */
  readonly events: readonly ToolEvent[];
}

/** A tool call in an answer, and where it stands. */
export interface ReplyCall {
  /** Index of the answer that it is part of. */
  readonly choice: number;
  readonly call: ToolCall;
}

/** Something in an answer that the provider keeps and clients may name later. */
export interface Made {
  readonly kind: ObjectKind;
  readonly id: string;
}

/** What the pipeline needs to know of a whole answer. */
export interface ReplyView {
  readonly places: Places;
  readonly calls: readonly ReplyCall[];
  readonly usage: Usage | undefined;
  /** What was made besides tokens, where the answer says so. */
  readonly media?: MediaMade;
  readonly made?: readonly Made[];
  /** The answer was changed while it was read. */
  readonly isChanged?: boolean;
}

/** What an event of a stream carries. */
export interface EventView {
  readonly deltas: readonly Delta[];
  /** Texts in an event that are complete in it, or repeat what was streamed. */
  readonly places?: Places;
  /** Whether the event is not what its bytes say any more. */
  readonly changed?: boolean;
  /** Complete tool calls in it. */
  readonly calls?: readonly ToolCall[];
  /** Which texts are complete with this event. */
  readonly ends: (key: string) => boolean;
  readonly usage?: Usage;
  readonly made?: readonly Made[];
  /** Whether the response ends with this event. */
  readonly last: boolean;
  /** The client has it already: it is looked at with the others and not passed on. */
  readonly isKnown?: boolean;
}

/** How one stream is read: made anew for each response. */
export interface StreamReading {
  read(event: SseEvent, json: JsonObject | undefined): EventView;
  /** Channel of the text with this key; whole texts are decided when they are complete. */
  textOf(key: string): { readonly channel: Channel; readonly whole: boolean };
  /** The complete tool call that a whole text holds the arguments of; undefined if it holds none. */
  callOf(key: string, text: string): ToolCall | undefined;
  /** Events that end a response which the guard stopped, in a form that clients understand. */
  blocked(): Buffer[];
  /** Events that end a response which failed. */
  failed(error: CordonError): Buffer[];
  /** Whether the response may end here, where no event said that it is the last. */
  readonly isComplete: boolean;
}

/** An endpoint of a protocol in which texts are exchanged. */
export interface Protocol {
  readonly family: 'openai' | 'anthropic';
  /** Path at the upstream, behind its base address. */
  readonly path: string;
  /** Throws `request.invalid`. */
  request(body: JsonObject): RequestView;
  reply(body: JsonObject): ReplyView;
  stream(): StreamReading;
  /** Changes an answer so that nothing of what the guard refuses is in it. `choices` are the answers concerned; undefined: all. */
  block(body: JsonObject, choices: ReadonlySet<number> | undefined): void;
  /** Takes out what repeats the text of an answer in which something was replaced. */
  strip(body: JsonObject): void;
  /** Fields that hold files, where the request is a form and no JSON. */
  readonly form?: ReadonlySet<string>;
  /** Content types of answers that are no text, and pass as they come. */
  readonly opaque?: RegExp;
  /** Content types of answers that are one text and no JSON. */
  readonly plainText?: RegExp;
  /** An answer that the guard refuses becomes an error, because nothing in its form says so. */
  readonly refusesAnswers?: true;
  /** Translates requests for providers that speak the other protocol; undefined: such providers are not asked. */
  readonly translate?: Translate | undefined;
}
