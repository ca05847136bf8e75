import { chat } from '../openai/chat.ts';
import { completions } from '../openai/completions.ts';
import { embeddings, moderations } from '../openai/embeddings.ts';
import { responses } from '../openai/responses.ts';
import type { Protocol } from '../protocol.ts';

/** Endpoints that a batch of OpenAI may be for. */
export const BATCH_PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ['/v1/chat/completions', chat],
  ['/v1/responses', responses],
  ['/v1/completions', completions],
  ['/v1/embeddings', embeddings],
  ['/v1/moderations', moderations],
]);
const BY_OBJECT: Readonly<Record<string, Protocol>> = {
  'chat.completion': chat,
  response: responses,
  text_completion: completions,
};

/** How an answer in the results of a batch is read; undefined: every text of it by itself. */
export function protocolOfAnswer(object: unknown): Protocol | undefined {
  return typeof object === 'string' && Object.hasOwn(BY_OBJECT, object) ? BY_OBJECT[object] : undefined;
}
