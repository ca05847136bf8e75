import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { JsonObject } from '../json/parse-object.ts';

/** Turns the events of an answer into those of the other protocol while they arrive. */
export interface StreamTranslation {
  /** Reads a piece, returns what it makes. Throws `upstream.failed` for what is no stream of the protocol. */
  push(chunk: Buffer): Buffer;
  /** The provider has ended. Throws `upstream.failed` if the answer has not. */
  end(): Buffer;
}

/** A request in the words of another protocol, and the way back for its answer. */
export interface Translated {
  /** Path at the upstream, behind its base address. */
  readonly path: string;
  body(target: Target): Buffer;
  /** Throws `upstream.failed` for what is no answer of the protocol. */
  reply(answer: JsonObject): JsonObject;
  /** An error of the provider, in the shape of the client's protocol. */
  error(status: number, answer: JsonObject): JsonObject;
  stream(): StreamTranslation;
}

/**
 * Translates a request for providers that speak another protocol. Throws `request.invalid`, which names the field, for what cannot be said
 * in it: nothing that a client asks for is silently lost.
 */
export type Translate = (body: JsonObject, options: { readonly maxOutputTokens: number }) => Translated;
