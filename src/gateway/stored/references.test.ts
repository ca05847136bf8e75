import { expect, test } from 'vitest';
import { referencesIn } from './references.ts';

const named = (body: object): string[] => referencesIn(body as Record<string, unknown>).map(({ kind, id }) => `${kind} ${id}`);

test('everything that a provider would look up is found, wherever it stands', () => {
  expect(named({ previous_response_id: 'r1', conversation: { id: 'c1' } })).toEqual(['response r1', 'conversation c1']);
  expect(named({ input: [{ type: 'item_reference', id: 'm1' }, { id: 'm2' }, { id: 'm3', type: null }], prompt: { id: 'p' } })).toEqual([
    'item m1',
    'item m2',
    'item m3',
  ]);
  expect(named({ input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f1' }] }] })).toEqual(['file f1']);
  expect(named({ messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f1' } }] }] })).toEqual(['file f1']);
  expect(named({ tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['f1', 'f2'] } }] })).toEqual([
    'file f1',
    'file f2',
  ]);
  expect(named({ tools: [{ type: 'code_interpreter', container: 'k1' }], container: 'auto' })).toEqual(['container k1']);
  expect(named({ messages: [{ content: [{ type: 'tool_result', content: [{ source: { type: 'file', file_id: 'f1' } }] }] }] })).toEqual([
    'file f1',
  ]);
});

test('what belongs to the application itself is none', () => {
  expect(named({ tools: [{ function: { parameters: { properties: { file_id: { type: 'string' } }, file_id: 'x' } } }] })).toEqual([]);
  expect(named({ messages: [{ content: [{ type: 'tool_use', id: 't', name: 'read', input: { file_id: 'mine' } }] }] })).toEqual([]);
  expect(named({ metadata: { file_id: 'x', conversation: 'y' }, previous_response_id: null, conversation: null })).toEqual([]);
});

test('other letters make nothing else of it', () => {
  expect(named({ input: [{ ID: 'm1' }, { Type: 'item_reference', Id: 'm2' }], conversation: { ID: 'c1' } })).toEqual([
    'item m1',
    'item m2',
    'conversation c1',
  ]);
  for (const body of [
    { Previous_Response_ID: 'r1' },
    { input: [{ content: [{ type: 'input_file', File_Id: 'f1' }] }] },
    { input: [{ id: 'm1', ID: 'm2' }] },
    { container: { id: 'k1', ID: 'k2' } },
    { previouſ_response_id: 'r1' },
  ])
    expect(() => named(body), JSON.stringify(body)).toThrow(/letters|written/);
});

test('more than anybody needs is refused', () => {
  expect(() => named({ file_ids: Array.from({ length: 201 }, (_, at) => `f${at}`) })).toThrow(/too many/);
});
