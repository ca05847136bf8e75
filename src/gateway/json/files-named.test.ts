import { expect, test } from 'vitest';
import { filesNamed } from './files-named.ts';

const content = (...parts: object[]): { messages: object[] } => ({ messages: [{ role: 'user', content: parts }] });
const url = 'https://example.org/a.png';

test.each([
  ['an address in chat', content({ type: 'image_url', image_url: { url } }), 1],
  ['one without an object around it', content({ type: 'image_url', image_url: url }), 1],
  ['one in a response', { input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }] }, 1],
  ['a document of Anthropic', content({ type: 'document', source: { type: 'url', url } }), 1],
  ['a bucket', content({ type: 'image_url', image_url: { url: 'gs://bucket/a.png' } }), 1],
  ['files by id', content({ type: 'input_file', file_id: 'file-1' }, { type: 'file', file: { file_id: 'file-2' } }), 2],
  ['files of a container', { tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['a', 'b'] } }] }, 2],
  ['bytes in the request', content({ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }), 0],
  ['an address in a text', content({ type: 'text', text: url }), 0],
  ['an address of a tool server', { tools: [{ type: 'mcp', server_url: url, url }] }, 0],
  ['a schema', { tools: [{ function: { parameters: { image_url: url } } }] }, 0],
])('%s', (_, body, count) => expect(filesNamed(body as never)).toBe(count));
