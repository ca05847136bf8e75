import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bedrockEvents } from './bedrock-events.ts';
import { type EventMessage, EventStreamDecoder } from './decoder.ts';
import { encodeEvent } from './testing.ts';

const header = fc.tuple(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }), fc.string({ maxLength: 50 }));
const message = fc.record({
  headers: fc.uniqueArray(header, { selector: ([name]) => name, maxLength: 5 }),
  payload: fc.uint8Array({ maxLength: 300 }),
});

function decode(bytes: Buffer, cuts: readonly number[]): EventMessage[] {
  const decoder = new EventStreamDecoder();
  const messages: EventMessage[] = [];
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [index, from] of [0, ...places].entries()) messages.push(...decoder.push(bytes.subarray(from, places[index] ?? bytes.length)));
  expect(decoder.isBetween).toBe(true);
  return messages;
}

describe('event streams', () => {
  test('come out as they went in, whatever pieces they come in', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 30 }), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(({ headers, payload }) => encodeEvent(Object.fromEntries(headers), Buffer.from(payload))));
        const decoded = decode(bytes, cuts);
        expect(decoded.map(({ headers }) => [...headers].sort())).toEqual(
          messages.map(({ headers }) => Object.entries(Object.fromEntries(headers)).sort()),
        );
        expect(decoded.map(({ payload }) => [...payload])).toEqual(messages.map(({ payload }) => [...payload]));
      }),
    );
  });

  test('with any one bit changed are refused, or wait for what never comes; nothing wrong comes out', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(7), ({ headers, payload }, place, bit) => {
        const bytes = encodeEvent(Object.fromEntries(headers), Buffer.from(payload));
        bytes[place % bytes.length]! ^= 1 << bit;
        expect(() => {
          expect(new EventStreamDecoder().push(bytes)).toEqual([]);
          throw new Error('waits');
        }).toThrow();
      }),
      { numRuns: 1_000 },
    );
  });

  test('of random bytes throw what the gateway knows, or wait', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(new EventStreamDecoder().push(Buffer.from(bytes))).toEqual([]);
        } catch (error) {
          expect(error).toMatchObject({ name: 'CordonError' });
        }
      }),
    );
  });

  test.each<[string, number, number]>([
    ['longer than any event', 0xffff_ffff, 0],
    ['with headers longer than any', 1_000_000, 200_000],
    ['shorter than itself', 12, 0],
    ['shorter than its headers', 30, 20],
    ['of length 0', 0, 0],
  ])('an event %s is refused as soon as its prelude is there', (_name, total, headers) => {
    const prelude = Buffer.alloc(12);
    prelude.writeUInt32BE(total, 0);
    prelude.writeUInt32BE(headers, 4);
    prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
    expect(() => new EventStreamDecoder().push(prelude)).toThrow(/event/);
  });

  test('one byte at a time, a long event takes no quadratic time', () => {
    const bytes = encodeEvent({}, Buffer.alloc(200_000, 1));
    const decoder = new EventStreamDecoder();
    let count = 0;
    for (let at = 0; at < bytes.length; at++) count += decoder.push(bytes.subarray(at, at + 1)).length;
    expect(count).toBe(1);
  });

  test('headers of every type are read over', () => {
    const values: [number, Buffer][] = [
      [0, Buffer.alloc(0)],
      [1, Buffer.alloc(0)],
      [2, Buffer.alloc(1)],
      [3, Buffer.alloc(2)],
      [4, Buffer.alloc(4)],
      [5, Buffer.alloc(8)],
      [6, Buffer.from([0, 3, 1, 2, 3])],
      [7, Buffer.from([0, 2, 104, 105])],
      [8, Buffer.alloc(8)],
      [9, Buffer.alloc(16)],
    ];
    const raw = Buffer.concat(values.map(([type, value]) => Buffer.concat([Buffer.from([2, 104, 48 + type, type]), value])));
    const [decoded] = new EventStreamDecoder().push(encodeEvent(raw, Buffer.alloc(0)));
    expect([...(decoded?.headers ?? [])]).toEqual([['h7', 'hi']]);
  });
});

describe('events of Bedrock', () => {
  const chunk = (event: unknown): Buffer =>
    encodeEvent(
      { ':message-type': 'event', ':event-type': 'chunk' },
      Buffer.from(JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abc' })),
    );

  test('become events of the Messages API, without figures of the account', () => {
    const events = bedrockEvents('b');
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a\nb' } };
    const out = events.push(
      Buffer.concat([chunk(delta), chunk({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 1 } })]),
    );
    expect(out.toString()).toBe(
      `event: content_block_delta\ndata: ${JSON.stringify(delta)}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`,
    );
    expect(events.end()).toHaveLength(0);
  });

  test.each<[string, Buffer]>([
    ['an exception', encodeEvent({ ':message-type': 'exception', ':exception-type': 'throttlingException' }, Buffer.from('{}'))],
    ['an error', encodeEvent({ ':message-type': 'error', ':error-code': 'a\nb' }, Buffer.from('{}'))],
    ['no JSON', encodeEvent({ ':message-type': 'event', ':event-type': 'chunk' }, Buffer.from('{'))],
    ['JSON that is null', encodeEvent({ ':message-type': 'event', ':event-type': 'chunk' }, Buffer.from('null'))],
    ['no bytes', encodeEvent({ ':message-type': 'event', ':event-type': 'chunk' }, Buffer.from('{}'))],
    ['an event without a type', chunk({})],
    ['a type that would be a line', chunk({ type: 'x\ndata: evil' })],
    ['a wrong checksum', Buffer.concat([chunk({ type: 'a' }).subarray(0, -1), Buffer.from([0])])],
  ])('%s is a failure of the upstream', (_name, bytes) => {
    expect(() => bedrockEvents('b').push(bytes)).toThrow(expect.objectContaining({ code: 'upstream.failed' }));
  });

  test('a stream that ends within an event is a failure', () => {
    const events = bedrockEvents('b');
    events.push(chunk({ type: 'a' }).subarray(0, 20));
    expect(() => events.end()).toThrow(/within an event/);
  });
});
