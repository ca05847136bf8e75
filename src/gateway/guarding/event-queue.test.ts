import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGuard } from '../../engine/guard/guard.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { ChatStream } from '../openai/chat-stream.ts';
import { stripLogprobs } from '../openai/chat-reply.ts';
import type { JsonObject } from '../json/parse-object.ts';
import { SseReader, sseBytes } from '../sse/sse-reader.ts';
import { EventQueue } from './event-queue.ts';
import { FlowingText } from './stream-text.ts';

const guard = createGuard();

/** Sends texts of several choices in pieces through the queue; returns the bytes, and the texts that a client puts together. */
function through(texts: readonly string[], cuts: readonly number[], restored?: PseudonymMap): { same: boolean; texts: string[] } {
  const pieces = texts.flatMap((text, index) => {
    const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
    return places.slice(1).map((end, at) => ({ index, at, content: text.slice(places[at], end) }));
  });
  const events = pieces
    .toSorted((a, b) => a.at - b.at)
    .map(({ index, content }) => ({
      id: 'x',
      object: 'chat.completion.chunk',
      choices: [{ index, delta: { content }, finish_reason: null }],
    }));
  const bytes = [...events.map((event) => sseBytes(JSON.stringify(event))), sseBytes('[DONE]')];
  const reading = new ChatStream();
  const reader = new SseReader();
  const names = restored ?? new PseudonymMap();
  const queue = new EventQueue(() => new FlowingText(guard, 'assistant', { pseudonyms: names }, restored), stripLogprobs);
  const out: Buffer[] = [];
  for (const event of reader.push(Buffer.concat(bytes))) {
    const json = event.data === '[DONE]' ? undefined : (JSON.parse(event.data!) as JsonObject);
    const view = reading.read(event, json);
    queue.push(event, json, view.deltas, view.ends);
    queue.drain(out);
  }
  queue.endAll();
  queue.drain(out);
  const joined = texts.map(() => '');
  for (const { data } of new SseReader().push(Buffer.concat(out))) {
    if (data === '[DONE]') continue;
    for (const { index, delta } of (JSON.parse(data!) as { choices: { index: number; delta: { content: string } }[] }).choices)
      joined[index] += delta.content;
  }
  return { same: Buffer.concat(out).equals(Buffer.concat(bytes)), texts: joined };
}

const WORDS = [
  'hello',
  'Write to ',
  'ann.smith@example.com',
  ' or ',
  'call +1 415 555 2671',
  '😀',
  ', card 4111 1111 1111 1111',
  '. ',
  '<',
  '<EMAIL_1>',
  ' ä ',
];
/** Why without: what stands in a text already is a name only to somebody who knows the text to its end. */
const PLAIN = WORDS.filter((word) => !word.startsWith('<E'));
const plain = fc.array(fc.constantFrom(...PLAIN), { maxLength: 12 }).map((words) => words.join(''));
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(''));

test('however answers are cut, a client gets what the guard makes of the whole text', () => {
  const property = fc.property(plain, fc.array(fc.nat(), { maxLength: 12 }), (whole, cuts) => {
    const { redacted } = guard.check({ text: whole, channel: 'assistant' });
    const { texts, same } = through([whole], cuts);
    expect(texts).toEqual([redacted?.[0] ?? whole]);
    expect(same).toBe(redacted === undefined);
  });
  fc.assert(property, { numRuns: 300 });
});

test('choices do not mix', () => {
  const property = fc.property(text, text, fc.array(fc.nat(), { maxLength: 8 }), (first, second, cuts) => {
    const { texts } = through([first, second], cuts);
    for (const [index, whole] of [first, second].entries()) {
      const own = texts[index]!;
      expect(own).not.toContain('ann.smith@example.com');
      if (!/[@\d<]/.test(whole)) expect(own).toBe(whole);
    }
  });
  fc.assert(property, { numRuns: 100 });
});

test('who may see the values gets them back, and then nothing was changed', () => {
  const property = fc.property(plain, fc.array(fc.nat(), { maxLength: 8 }), (whole, cuts) => {
    expect(through([whole], cuts, new PseudonymMap())).toEqual({ same: true, texts: [whole] });
  });
  fc.assert(property, { numRuns: 100 });
  const map = new PseudonymMap();
  map.nameOf('EMAIL', 'bob@example.com');
  expect(through(['ask <EMAIL_1> now'], [5, 7, 9], map).texts).toEqual(['ask bob@example.com now']);
});
