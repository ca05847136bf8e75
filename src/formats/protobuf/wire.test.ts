import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError, errorCode } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { bufferSource } from '../bytes/source.ts';
import { int, len, message, varint } from '../../../test/makers/protobuf.ts';
import { type Field, Wire, wholeRange } from './wire.ts';

function fieldsOf(bytes: Uint8Array): Field[] {
  const source = bufferSource(bytes);
  return [...new Wire(source, new Budget(Limits.parse({}))).fields(wholeRange(source))];
}

function refusal(bytes: Uint8Array): string | undefined {
  try {
    fieldsOf(bytes);
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

describe('wire walker', () => {
  test('reads numbers of every width, negative ones too', () => {
    const values = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 48, -1, -(2 ** 40)];
    const bytes = message(...values.map((value, index) => int(index + 1, value)));
    expect(fieldsOf(bytes).map(({ value }) => value)).toEqual(values);
  });

  test('reads text and packed numbers', () => {
    const bytes = message(len(1, 'héllo'), len(2, varint(1), varint(300), varint(-2)));
    const source = bufferSource(bytes);
    const wire = new Wire(source);
    const [text, packed] = [...wire.fields(wholeRange(source))];
    expect(text && wire.text(text)).toBe('héllo');
    expect(packed && wire.integerList(packed, 10)).toEqual([1, 300, -2]);
    expect(packed && wire.integerList(packed, 2)).toEqual([1, 300]);
  });

  test('skips groups, as parsers do', () => {
    const group = message(Buffer.of(0x0b), int(2, 5), Buffer.of(0x13), len(9, 'x'), Buffer.of(0x14, 0x0c));
    expect(fieldsOf(message(group, int(3, 7))).map(({ number, value }) => [number, value])).toEqual([
      [1, 0],
      [3, 7],
    ]);
  });

  test.each([
    ['field number 0', Buffer.from([0x00, 0x01])],
    ['the end of a group that never began', Buffer.from([0x0c])],
    ['a group closed by another', Buffer.from([0x0b, 0x14])],
    ['wire type 7', Buffer.from([0x0f, 0x00])],
    ['a number of eleven bytes', Buffer.concat([Buffer.from([0x08]), Buffer.alloc(10, 0xff), Buffer.of(1)])],
  ])('refuses %s', (_name, bytes) => {
    expect(refusal(bytes)).toBe('format.malformed');
  });

  test.each([
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x01])],
    ['a length that is negative as a number of 64 bits', Buffer.concat([Buffer.from([0x0a]), varint(-1)])],
    ['a number cut short', Buffer.from([0x08, 0x80])],
    ['a fixed number cut short', Buffer.from([0x0d, 0x01])],
  ])('reports %s as truncated', (_name, bytes) => {
    expect(refusal(bytes)).toBe('format.truncated');
  });

  test('skips large payloads without reading them', () => {
    const head = message(int(1, 8), Buffer.from([0x12]), varint(8 * 2 ** 30));
    const tail = int(3, 5);
    let read = 0;
    const source: ByteSource = {
      size: head.length + 8 * 2 ** 30 + tail.length,
      read(offset, length) {
        read += length;
        const bytes = Buffer.alloc(Math.min(length, Math.max(0, this.size - offset)));
        for (let i = 0; i < bytes.length; i++) {
          bytes[i] = offset + i < head.length ? (head[offset + i] ?? 0) : (tail[offset + i - head.length - 8 * 2 ** 30] ?? 0);
        }
        return bytes;
      },
    };
    const fields = [...new Wire(source).fields(wholeRange(source))];
    expect(fields.map(({ number, value }) => [number, value])).toEqual([
      [1, 8],
      [2, 0],
      [3, 5],
    ]);
    expect(read).toBeLessThan(64 * 1024);
  });

  test('any bytes are walked to their end or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const fields = fieldsOf(bytes);
          for (const { start, end } of fields) {
            expect(start).toBeLessThanOrEqual(end);
            expect(end).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          if (!(error instanceof CordonError)) throw error;
        }
      }),
    );
  });
});
