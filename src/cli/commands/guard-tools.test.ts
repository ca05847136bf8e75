import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig } from '../../policy/config/load-config.ts';
import { compileToolPolicy } from '../../policy/tools/decide.ts';
import { loadToolTests } from '../../policy/tools/testing/tool-table.ts';
import { guardToolsCommand } from './guard-tools.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const POLICY = 'examples/guard/tool-policy.yaml';

async function run(
  options: Parameters<typeof guardToolsCommand>[0],
  lines: readonly (object | string)[] = [],
): Promise<{ code: number; text: string }> {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  const input = Readable.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`));
  const code = await guardToolsCommand(options, { stdout: stream, stderr: stream, env: {}, cwd: ROOT }, input);
  return { code, text };
}

test('the example policy decides as its table says', async () => {
  expect(await run({ test: 'examples/guard/tool-policy.test.yaml' })).toMatchObject({
    code: 0,
    text: expect.stringMatching(/\n\d+ passed, 0 failed\n$/),
  });
});

test('a decision a line, with line numbers; what cannot be read taints', async () => {
  const call = { call: { id: '1', tool: 'fetch', arguments: { url: 'https://x.example/' } } };
  const { code, text } = await run({ policy: POLICY }, [call, '', 'no json', { oops: 1 }, call, { ...call, approved: true }]);
  const answers = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(answers.map(({ line, effect, rule, error }) => [line, effect ?? typeof error, rule])).toEqual([
    [1, 'allow', 'fetch'],
    [3, 'string', undefined],
    [4, 'string', undefined],
    [5, 'hold', 'fetch'],
    [6, 'allow', 'fetch'],
  ]);
  expect(code).toBe(1);
});

test('the protocols of providers', async () => {
  const openai = { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'read_mail', arguments: '{}' } }] };
  expect(await run({ policy: POLICY, protocol: 'openai' }, [openai])).toMatchObject({ code: 0 });
  const anthropic = { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'rm', input: {} }] };
  expect(await run({ policy: POLICY, protocol: 'anthropic' }, [anthropic])).toMatchObject({ code: 1 });
  expect(await run({ policy: POLICY, protocol: 'mcp', server: 's' }, [{ id: 1, result: { tools: [{ name: 'a\u200b' }] } }])).toMatchObject({
    code: 1,
    text: expect.stringContaining('"rule":"name"'),
  });
});

test('usage errors', async () => {
  await expect(run({})).rejects.toThrow('--policy');
  await expect(run({ policy: POLICY, protocol: 'x' })).rejects.toThrow('no protocol x');
  await expect(run({ policy: 'examples/policies/start-here.yaml' })).rejects.toThrow('no section toolPolicy');
});

test('every example of the page is valid', () => {
  const page = readFileSync(`${ROOT}docs/tool-policy.md`, 'utf8');
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text]) => text ?? '');
  expect(blocks.length).toBeGreaterThan(2);
  for (const block of blocks) {
    if (block.includes('cases:')) loadToolTests(block, 'page');
    else compileToolPolicy(loadConfig(block, 'page').toolPolicy ?? expect.fail('no toolPolicy'));
  }
});
