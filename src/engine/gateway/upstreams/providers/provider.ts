import type { Credential } from '../credentials/credential.ts';
import type { Streamed, Target, UpstreamProtocol, UpstreamRequest } from '../upstreams.ts';

/** What is asked of a provider in an attempt, before it is authenticated. */
export interface Outgoing {
  /** With the query, beginning with a slash. */
  readonly path: string;
  readonly body: Buffer | Streamed;
  /** Headers beside those of the request and the credential, names and values one after the other. */
  readonly headers?: readonly string[];
  /** Reads the answer where the provider frames it in its own way. */
  readonly convert?: ((status: number, contentType: string) => Converter | undefined) | undefined;
}

/** Turns the answer of a provider into the protocol's own. Throws `CordonError` for what is not of the documented form. */
export interface Converter {
  /** Content type of what comes out. */
  readonly contentType: string;
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** How one kind of upstream is spoken to. */
export interface Provider {
  readonly url: string;
  readonly credential: Credential;
  /** The protocol that a model is offered in. */
  protocolOf(model: string): UpstreamProtocol;
  /** The name that a model goes by there, where that is another. */
  modelName?(model: string): string;
  /** Throws `request.invalid` for what it does not offer. */
  outgoing(request: UpstreamRequest, target: Target, path: string, body: Buffer | Streamed): Outgoing;
  /** Headers that authenticate by what is sent, instead of a credential that is the same for all. */
  sign?(method: string, outgoing: Outgoing): readonly string[];
}
