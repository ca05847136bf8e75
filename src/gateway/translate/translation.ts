import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { JsonObject } from '../json/parse-object.ts';

/** Turns the events of an answer into those of the other protocol while they arrive. */
export interface StreamTranslation {
  /** Reads a piece, returns what it makes. Throws `upstream.failed` for what is no stream of the protocol. */
  push(chunk: Buffer): Buffer;
  /** The provider has ended. Throws `upstream.failed` if the answer has not. */
  end(): Buffer;
}

/** A request in the words of others, and the way back for their answers. Targets are those that need it, see `needsTranslation`. */
export interface Translated {
  /** Path at the target, behind its base address; undefined: it cannot be asked. */
  path(target: Target): string | undefined;
  body(target: Target): Buffer;
  /** Throws `upstream.failed` for what is no answer of the target's protocol. */
  reply(answer: JsonObject, target: Target): JsonObject;
  /** An error of the provider, in the shape of the client's protocol. */
  error(status: number, answer: JsonObject, target: Target): JsonObject;
  stream(target: Target): StreamTranslation;
}

/** What a translation goes by beside the request. */
export interface TranslateOptions {
  readonly maxOutputTokens: number;
  /** Targets of the model that need it. */
  readonly targets: readonly Target[];
}

/**
 * Translates a request for targets that speak otherwise than the client. Throws `request.invalid`, which names the field, for what can be
 * said to none of them: nothing that a client asks for is silently lost.
 */
export type Translate = (body: JsonObject, options: TranslateOptions) => Translated;
