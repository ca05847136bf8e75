import { messages } from './anthropic/messages.ts';
import { countTokens } from './anthropic/count-tokens.ts';
import { completions } from './openai/completions.ts';
import { embeddings, moderations } from './openai/embeddings.ts';
import { responses } from './openai/responses.ts';
import { chat } from './openai/chat.ts';
import { speech, transcriptions, translations } from './media/audio.ts';
import { imageEdits, imageGenerations, imageVariations } from './media/images.ts';
import type { Protocol } from './protocol.ts';

/** A route in which texts are exchanged. */
export interface TextRoute {
  /** As limits, permissions and records name it. */
  readonly pattern: string;
  readonly protocol: Protocol;
}

/** Routes by path. What is not listed reaches nothing. */
export const TEXT_ROUTES: ReadonlyMap<string, TextRoute> = new Map(
  (
    [
      ['/v1/chat/completions', chat],
      ['/v1/responses', responses],
      ['/v1/completions', completions],
      ['/v1/embeddings', embeddings],
      ['/v1/moderations', moderations],
      ['/v1/images/generations', imageGenerations],
      ['/v1/images/edits', imageEdits],
      ['/v1/images/variations', imageVariations],
      ['/v1/audio/speech', speech],
      ['/v1/audio/transcriptions', transcriptions],
      ['/v1/audio/translations', translations],
      ['/anthropic/v1/messages', messages],
      ['/anthropic/v1/messages/count_tokens', countTokens],
    ] as const
  ).map(([pattern, protocol]) => [pattern, { pattern, protocol }]),
);
