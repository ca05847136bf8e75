import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SseReader, sseBytes } from './sse-reader.ts';

function read(bytes: Buffer, cuts: readonly number[]): { name: string; data: string | undefined }[] {
  const reader = new SseReader();
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const events = places.slice(1).flatMap((end, index) => reader.push(bytes.subarray(places[index], end)));
  const last = reader.end();
  return [...events, ...(last === undefined ? [] : [last])].map(({ name, data }) => ({ name, data }));
}

test('events are the same however the bytes are cut', () => {
  const event = fc.record({ name: fc.constantFrom('', 'message_start'), data: fc.json() });
  const property = fc.property(
    fc.array(event, { maxLength: 6 }),
    fc.array(fc.nat(), { maxLength: 20 }),
    fc.constantFrom('\n', '\r\n'),
    (events, cuts, newline) => {
      const text = events.map(({ name, data }) => sseBytes(data, name).toString()).join('');
      expect(read(Buffer.from(text.replaceAll('\n', newline)), cuts)).toEqual(events);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('raw bytes joined are the input', () => {
  const bytes = Buffer.from(': keep-alive\n\ndata: {"a":"ä"}\n\nevent: x\r\ndata: 1\r\n\r\ndata: [DONE]');
  const reader = new SseReader();
  const raw = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])));
  expect(Buffer.concat([...raw.map((event) => event.raw), reader.end()!.raw])).toEqual(bytes);
  expect(raw.map(({ data }) => data)).toEqual([undefined, '{"a":"ä"}', '1']);
});

test('bytes that are not UTF-8 and events without an end are refused', () => {
  expect(() => new SseReader().push(Buffer.from([...Buffer.from('data: '), 0xc3, 0x28, 0x0a, 0x0a]))).toThrow('UTF-8');
  const reader = new SseReader();
  const mebibytes = Buffer.alloc(1024 * 1024, 'x');
  expect(() => Array.from({ length: 17 }, () => reader.push(mebibytes))).toThrow('without an end');
});

test('wherever bytes are cut, the events are those of all bytes at once', () => {
  const letters = fc.array(fc.constantFrom('\n', '\r', 'a', ':', 'data: x', '\r\n', 'é'), { maxLength: 40 });
  fc.assert(
    fc.property(letters, fc.array(fc.nat(), { maxLength: 30 }), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      expect(read(bytes, cuts)).toEqual(read(bytes, []));
    }),
    { numRuns: 2_000 },
  );
});

test('one huge event costs as much time as its bytes, however small the pieces', () => {
  const reader = new SseReader();
  const piece = Buffer.alloc(256, 'x');
  const began = performance.now();
  reader.push(Buffer.from('data: '));
  let events = 0;
  for (let at = 0; at < 60_000; at++) events += reader.push(piece).length;
  expect(events).toBe(0);
  const [event] = reader.push(Buffer.from('\n\n'));
  expect(event!.data).toHaveLength(60_000 * 256);
  // Why so long: a busy machine. What copied everything for each piece took a minute.
  expect(performance.now() - began).toBeLessThan(5_000);
});

test.each([
  ['data: {"a":1}\n\n', '{"a":1}', true],
  ['data: \n\n', '', true],
  ['data:  x \n\n', ' x ', true],
  ['data: a\ndata: b\n\n', 'a\nb', true],
  ['data: a\r\r\n\n', 'a', false],
  ['data: a\nid: 1\n\n', 'a', false],
  ['data: a\ndata\n\n', 'a\n', true],
])('one line of data is read as what it is, and nothing else as it: %j', (text, data, isKept) => {
  const [event, ...others] = new SseReader().push(Buffer.from(text));
  expect([event?.name, event?.data, others]).toEqual(['', data, []]);
  expect(event?.raw.equals(Buffer.from(text))).toBe(isKept);
});
