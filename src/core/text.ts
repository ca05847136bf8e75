import * as z from 'zod';

/** Where a piece of conversation text comes from. */
export const CHANNELS = [
  'system',
  'developer',
  'user',
  'assistant',
  'reasoning',
  'tool-arguments',
  'tool-result',
  'tool-description',
  'document',
] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** How far a channel's author is trusted: who runs the application, who uses it, the model, anybody. */
export type Trust = 'operator' | 'user' | 'model' | 'untrusted';

const TRUST: Readonly<Record<Channel, Trust>> = {
  system: 'operator',
  developer: 'operator',
  user: 'user',
  assistant: 'model',
  reasoning: 'model',
  'tool-arguments': 'model',
  'tool-result': 'untrusted',
  'tool-description': 'untrusted',
  document: 'untrusted',
};

/** The trust of a channel. Never taken from the text itself. */
export function trustOf(channel: Channel): Trust {
  return TRUST[channel];
}

/** A piece of conversation text with its provenance. */
export const Segment = z.object({
  text: z.string(),
  channel: Channel,
  /** Tool, URL or file it came from, where known. */
  source: z.string().optional(),
});
export type Segment = z.infer<typeof Segment>;

/** UTF-16 offsets into the original text of a segment, end exclusive. */
export const Span = z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() });
export type Span = z.infer<typeof Span>;

/** What a detector yields: a rule that fired on a span of a segment. */
export interface Detection<RuleId extends string = string> {
  readonly rule: RuleId;
  /** In the original text, also when it was found in a decoded view. */
  readonly span: Span;
  /** 0 to 1: how sure the detector is. 1 for exact rules. */
  readonly score: number;
  /** What sort of thing was found, for example `EMAIL` or `aws-access-key`: names pseudonyms, never contains the match. */
  readonly entity?: string;
  /** How the text had to be decoded to see it, outermost first: `base64`, `homoglyphs`. Empty for clear text. */
  readonly decoding?: readonly string[];
}
