import * as z from 'zod';
import type { Authorization, OutgoingRequest, Piece } from '../adapter.ts';
import { answerAs, notAsDocumented } from '../answer.ts';

/** A message as chat completions take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Why so few: a verdict has a few words; a model that reasons first is cut off and then has given none. */
const MAX_TOKENS = 256;

const Answer = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) });

/** A completion without chance from an OpenAI-compatible server. */
export function chatRequest(
  { url, model }: { readonly url: string; readonly model: string },
  messages: readonly ChatMessage[],
  { apiKey }: Authorization,
  more: object = {},
): OutgoingRequest {
  return {
    url: `${url.replace(/\/$/, '')}/chat/completions`,
    headers: { 'content-type': 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify({ model, messages, temperature: 0, max_tokens: MAX_TOKENS, stream: false, ...more }),
  };
}

/** What the model said. */
export function contentOf(answer: unknown): string {
  const content = answerAs(Answer, answer).choices[0]?.message.content.trim();
  if (content === undefined || content === '') throw notAsDocumented('choices');
  return content;
}

/** A text as the turn that is to be judged. Why a turn before an answer: templates of guard models want turns to alternate. */
export function turnsOf({ text, channel }: Piece): readonly ChatMessage[] {
  if (channel !== 'assistant' && channel !== 'reasoning' && channel !== 'tool-arguments') return [{ role: 'user', content: text }];
  return [
    { role: 'user', content: '(not shown)' },
    { role: 'assistant', content: text },
  ];
}
