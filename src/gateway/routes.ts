import { messages } from './anthropic/messages.ts';
import { chat } from './openai/chat.ts';
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
      ['/anthropic/v1/messages', messages],
    ] as const
  ).map(([pattern, protocol]) => [pattern, { pattern, protocol }]),
);
