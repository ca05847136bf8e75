import type { Channel, Detection } from '../../core/text.ts';
import type { AwsIdentity } from '../../vault/aws/sigv4.ts';
import type { ModerationRuleId } from './rules.ts';

/** A request as an adapter writes it. Its address and secrets are the engine's to check and to keep. */
export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A text, or a part of one that is longer than a provider reads. */
export interface Piece {
  readonly text: string;
  readonly channel: Channel;
}

/** What a provider reads in one request. */
export interface ProviderLimits {
  /** Greatest length of a piece. */
  readonly length: number;
  /** What lengths are counted in. */
  readonly unit: 'utf-16' | 'utf-8';
  /** Pieces in one request. */
  readonly pieces: number;
}

/** A finding in a piece; its span is in UTF-16 code units of the piece. */
export type ModerationDetection = Detection<ModerationRuleId>;

/** What a request is authorised with. */
export interface Authorization {
  readonly apiKey?: string | undefined;
  readonly aws?: AwsIdentity | undefined;
  readonly now: Date;
}

/** Speaks the language of one provider, without speaking to it: pieces become a request, an answer becomes findings. */
export interface ModerationAdapter {
  readonly limits: ProviderLimits;
  /** Channels that this provider has something to say on; absent: all. */
  readonly channels?: readonly Channel[];
  request(pieces: readonly Piece[], authorization: Authorization): OutgoingRequest;
  /** Findings for each piece, in order. Throws `format.malformed` for an answer that is not of the documented form. */
  read(answer: unknown, pieces: readonly Piece[]): readonly (readonly ModerationDetection[])[];
}
