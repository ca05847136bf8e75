import { expect, test } from 'vitest';
import { readMessage } from './message.ts';

const kind = (value: unknown): string => readMessage(Buffer.from(JSON.stringify(value))).kind;

test('requests, notifications and responses are told apart', () => {
  expect(kind({ jsonrpc: '2.0', id: 0, method: 'ping' })).toBe('request');
  expect(kind({ jsonrpc: '2.0', id: '', method: 'ping', params: {} })).toBe('request');
  expect(kind({ jsonrpc: '2.0', method: 'notifications/x' })).toBe('notification');
  expect(kind({ jsonrpc: '2.0', id: 1, result: {} })).toBe('response');
  expect(kind({ jsonrpc: '2.0', id: null, error: { code: 1, message: 'x' } })).toBe('response');
});

test('whatever two readers could take for two messages is refused', () => {
  const bad = [
    {},
    [],
    { id: 1, method: 'ping' },
    { jsonrpc: 2, id: 1, method: 'ping' },
    { jsonrpc: '2.0', id: 1.5, method: 'ping' },
    { jsonrpc: '2.0', id: true, method: 'ping' },
    { jsonrpc: '2.0', id: null, method: 'ping' },
    { jsonrpc: '2.0', id: 1, method: 'ping', params: [] },
    { jsonrpc: '2.0', id: 1, method: '' },
    { jsonrpc: '2.0', id: 1, method: 'a b' },
    { jsonrpc: '2.0', id: 1 },
    { jsonrpc: '2.0', result: {} },
    { jsonrpc: '2.0', id: 1, result: {}, error: {} },
    { jsonrpc: '2.0', id: 1, result: 'text' },
    { jsonrpc: '2.0', id: 1, result: {}, params: {} },
    { jsonrpc: '2.0', id: 1, result: {}, method: 'ping' },
  ];
  for (const one of bad) expect(() => kind(one), JSON.stringify(one)).toThrow();
  expect(() => readMessage(Buffer.from(' \n[{"jsonrpc":"2.0","id":1,"method":"ping"}]'))).toThrow('batches');
});
