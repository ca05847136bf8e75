import { CordonError } from '../../core/errors.ts';
import { answersAsked, longestAnswer } from '../json/asked-for.ts';
import { objectsOf, string } from '../json/fields.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { Places } from '../places/places.ts';
import type { Protocol, ReplyView, RequestView } from '../protocol.ts';
import { choicesOf, readLogprobs, stripLogprobs } from './chat-reply.ts';
import { ChatStream } from './chat-stream.ts';
import { openAiUsage } from './usage.ts';

const READ_OF_REQUEST: ReadonlySet<string> = new Set(['prompt']);
const READ_OF_REPLY: ReadonlySet<string> = new Set(['choices']);
const READ_OF_CHOICE: ReadonlySet<string> = new Set(['logprobs']);

/** `POST /v1/completions`. */
export const completions: Protocol = {
  family: 'openai',
  path: '/completions',
  request: completionsRequest,
  reply: completionsReply,
  stream: () => new ChatStream(),
  block(body, choices) {
    for (const [at, choice] of objectsOf(body.choices).entries()) {
      if (choices?.has(at) === false) continue;
      choice.text = '';
      choice.finish_reason = 'content_filter';
      choice.logprobs = null;
    }
  },
  strip: stripLogprobs,
};

function completionsRequest(body: JsonObject): RequestView {
  const { prompt } = body;
  // Why: a prompt of token numbers is text that nobody here can read.
  if (hasNumbers(prompt)) throw new CordonError('request.invalid', 'prompt must be text; prompts of tokens cannot be checked');
  const places = new Places();
  places.rest(body, 'prompt', 'user');
  places.others(body, READ_OF_REQUEST, 'user');
  return {
    model: string(body.model),
    stream: body.stream === true,
    places,
    choices: answersAsked(body) * prompts(prompt),
    // Why from zero: with `echo`, only the prompt is judged.
    maxOutputTokens: longestAnswer(body, 0),
    tools: [],
    events: [],
  };
}

/** How many prompts there are in a list, and in lists in it: each gets its own answers. */
function prompts(value: unknown): number {
  return Array.isArray(value)
    ? Math.max(
        1,
        (value as unknown[]).reduce<number>((sum, one) => sum + prompts(one), 0),
      )
    : 1;
}

function completionsReply(body: JsonObject): ReplyView {
  const places = new Places();
  for (const choice of choicesOf(body)) {
    readLogprobs(places, choice);
    places.others(choice, READ_OF_CHOICE, 'assistant');
  }
  places.others(body, READ_OF_REPLY, 'assistant');
  return { places, calls: [], usage: openAiUsage(body.usage) };
}

/** Whether a list holds numbers, or lists of them. */
export function hasNumbers(value: unknown): boolean {
  return Array.isArray(value) && (value as unknown[]).some((item) => typeof item === 'number' || hasNumbers(item));
}
