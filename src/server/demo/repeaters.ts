import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** What the demonstration model reads of a request. */
export interface Asked {
  readonly model?: unknown;
  readonly stream?: unknown;
  readonly n?: unknown;
  readonly messages?: unknown;
  readonly prompt?: unknown;
  readonly input?: unknown;
  readonly encoding_format?: unknown;
}

type Repeater = (asked: Asked, response: ServerResponse) => void;

const MOST_CHOICES = 16;
/** As many numbers as small models of this kind have. */
const DIMENSIONS = 384;

/** What it answers with, by address: the same for the same words. */
export const REPEATERS: ReadonlyMap<string, Repeater> = new Map<string, Repeater>([
  ['/v1/chat/completions', chat],
  ['/v1/completions', completions],
  ['/v1/embeddings', embeddings],
  ['/v1/moderations', moderations],
]);

function chat(asked: Asked, response: ServerResponse): void {
  const messages = Array.isArray(asked.messages) ? (asked.messages as { role?: unknown; content?: unknown }[]) : [];
  const words = wordsOf(`You said: ${textOf(messages.findLast(({ role }) => role === 'user')?.content)}`);
  const head = { id: 'chatcmpl-demo', created: now(), model: asked.model };
  const choices = choicesOf(asked);
  if (asked.stream !== true) {
    const message = { role: 'assistant', content: words.join(''), refusal: null };
    return whole(response, {
      ...head,
      object: 'chat.completion',
      choices: choices.map((index) => ({ index, message, logprobs: null, finish_reason: 'stop' })),
      usage: usageOf(words, choices),
    });
  }
  const object = 'chat.completion.chunk';
  const piece = (delta: object, finish_reason: string | null = null) =>
    choices.map((index) => ({ ...head, object, choices: [{ index, delta, logprobs: null, finish_reason }] }));
  streamed(response, [
    ...piece({ role: 'assistant', content: '' }),
    ...words.flatMap((content) => piece({ content })),
    ...piece({}, 'stop'),
    { ...head, object, choices: [], usage: usageOf(words, choices) },
  ]);
}

function completions(asked: Asked, response: ServerResponse): void {
  const words = wordsOf(`You said: ${textOf(asked.prompt)}`);
  const head = { id: 'cmpl-demo', object: 'text_completion', created: now(), model: asked.model };
  const choices = choicesOf(asked);
  const told = (text: string, finish_reason: string | null) => choices.map((index) => ({ index, text, logprobs: null, finish_reason }));
  const usage = usageOf(words, choices);
  if (asked.stream !== true) return whole(response, { ...head, choices: told(words.join(''), 'stop'), usage });
  streamed(response, [
    ...words.map((word) => ({ ...head, choices: told(word, null) })),
    { ...head, choices: told('', 'stop') },
    { ...head, choices: [], usage },
  ]);
}

function embeddings(asked: Asked, response: ServerResponse): void {
  const texts = Array.isArray(asked.input) ? asked.input.map(textOf) : [textOf(asked.input)];
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: written(vectorOf(text), asked) }));
  const tokens = texts.reduce((sum, text) => sum + wordsOf(text).length, 0);
  whole(response, { object: 'list', data, model: asked.model, usage: { prompt_tokens: tokens, total_tokens: tokens } });
}

function moderations(asked: Asked, response: ServerResponse): void {
  const texts = Array.isArray(asked.input) ? asked.input : [asked.input];
  const results = texts.map(() => ({ flagged: false, categories: {}, category_scores: {} }));
  whole(response, { id: 'modr-demo', model: asked.model, results });
}

function whole(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function streamed(response: ServerResponse, events: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end('data: [DONE]\n\n');
}

/** The text of a prompt, of a message, or of its parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (typeof part === 'string' ? part : String((part as { text?: unknown } | null)?.text ?? '')))
    .join(' ');
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\S+\s*/g) ?? [];
}

function choicesOf({ n }: Asked): readonly number[] {
  const count = typeof n === 'number' && n >= 1 ? Math.min(Math.floor(n), MOST_CHOICES) : 1;
  return Array.from({ length: count }, (_, index) => index);
}

function usageOf(words: readonly string[], choices: readonly number[]): object {
  const made = words.length * choices.length;
  return { prompt_tokens: words.length, completion_tokens: made, total_tokens: words.length + made };
}

/** Of length 1. Why of a digest: it means nothing, and is the same each time. */
function vectorOf(text: string): readonly number[] {
  const bytes = createHash('shake256', { outputLength: DIMENSIONS }).update(text).digest();
  const numbers = [...bytes].map((byte) => byte - 127.5);
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}

/** Why both: clients ask for base64 unless they are told otherwise. */
function written(numbers: readonly number[], { encoding_format }: Asked): readonly number[] | string {
  return encoding_format === 'base64' ? Buffer.from(Float32Array.from(numbers).buffer).toString('base64') : numbers;
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
