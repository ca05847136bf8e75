import fc from 'fast-check';
import { expect, test } from 'vitest';
import { innerName, innerUri, outerName, outerUri, writeInnerUris, writeOuterUris } from './names.ts';
import { eventId, listCursor, readCursor, readEventId } from './tokens.ts';

const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

test('a name or an address means one thing of one server, and it is found again', () => {
  fc.assert(
    fc.property(id, fc.string({ minLength: 1 }), (server, name) => {
      expect(innerName(outerName(server, name))).toEqual({ server, name });
      expect(innerUri(outerUri(server, name))).toEqual({ server, name });
    }),
  );
  fc.assert(
    fc.property(id, fc.string({ minLength: 1 }), id, fc.string({ minLength: 1 }), (one, name, other, text) => {
      const isSame = one === other && name === text;
      expect(outerName(one, name) === outerName(other, text)).toBe(isSame);
      expect(outerUri(one, name) === outerUri(other, text)).toBe(isSame);
    }),
  );
});

test('what is no name throws a clear error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.anything()), (text) => {
      for (const read of [innerName, innerUri]) {
        try {
          const { server, name } = read(text);
          expect([outerName(server, name), outerUri(server, name)]).toContain(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'request.invalid' });
        }
      }
    }),
  );
});

test('addresses are rewritten wherever the protocol has them, and nowhere else', () => {
  const result = {
    uri: 'a:1',
    contents: [{ uri: 'a:1', text: 'a:1' }],
    content: [
      { type: 'text', text: 'a:1' },
      { type: 'resource_link', uri: 'a:1' },
      { type: 'tool_result', content: [{ type: 'resource', resource: { uri: 'a:1' } }] },
      { type: 'other', uri: 'a:1' },
    ],
    structuredContent: { uri: 'a:1' },
  };
  writeOuterUris('s', { result });
  expect(result).toEqual({
    uri: 's+a:1',
    contents: [{ uri: 's+a:1', text: 'a:1' }],
    content: [
      { type: 'text', text: 'a:1' },
      { type: 'resource_link', uri: 's+a:1' },
      { type: 'tool_result', content: [{ type: 'resource', resource: { uri: 's+a:1' } }] },
      { type: 'other', uri: 'a:1' },
    ],
    structuredContent: { uri: 'a:1' },
  });
  const params = { arguments: { one: 's+a:1', list: ['s+b:2', 'x s+a:1', 's+plain', 't+a:1', 7, null], deep: { uri: 's+c://d' } } };
  writeInnerUris('s', params, 'arguments');
  expect(params.arguments).toEqual({ one: 'a:1', list: ['b:2', 'x s+a:1', 's+plain', 't+a:1', 7, null], deep: { uri: 'c://d' } });
});

test('places in streams and lists come back as they were given; what was made up is refused', () => {
  const text = fc.stringMatching(/^[\x20-\x7e]{1,100}$/);
  fc.assert(
    fc.property(fc.dictionary(id, text, { maxKeys: 20, noNullPrototype: true }), fc.option(id, { nil: undefined }), (ids, server) => {
      const place = eventId({ server, ids });
      if (place !== undefined) expect(readEventId(place)).toEqual({ server, ids });
      const cursor = listCursor(ids);
      if (cursor !== undefined) expect(readCursor(cursor)).toEqual(ids);
    }),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (made) => {
        try {
          expect(typeof readCursor(made)).toBe('object');
        } catch (error) {
          expect(error).toMatchObject({ code: 'request.invalid' });
        }
      },
    ),
  );
  expect(eventId({ server: undefined, ids: { a: 'x'.repeat(10_000) } })).toBeUndefined();
});
