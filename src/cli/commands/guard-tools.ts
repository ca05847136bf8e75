import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { type Replayed, replay, replayLines } from '../../engine/guard/replay-trace.ts';
import { createToolGuard, type ToolGuard } from '../../engine/guard/tool-guard.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { anthropicEvents } from '../../policy/tools/adapters/anthropic.ts';
import { mcpEvents } from '../../policy/tools/adapters/mcp.ts';
import { openAiEvents } from '../../policy/tools/adapters/openai.ts';
import { loadToolTests, runToolTests } from '../../policy/tools/testing/tool-table.ts';
import { TraceLine } from '../../policy/tools/trace-line.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readNamedFile } from './read-file.ts';

interface GuardToolsOptions {
  readonly policy?: string;
  readonly test?: string;
  readonly protocol?: string;
  readonly server?: string;
}

/** `cordon guard tools`: reads a trace as JSON lines and writes a decision for every call in it. Exit code 1 when one may not run as it is. */
export async function guardToolsCommand(options: GuardToolsOptions, io: Io, input: NodeJS.ReadableStream = process.stdin): Promise<number> {
  if (options.test !== undefined) return await testTable(options.test, io);
  if (options.policy === undefined) throw new CordonError('usage.invalid', 'name the configuration with --policy FILE');
  const guard = await openGuard(options.policy, io);
  const read = protocolOf(options);
  let stopped = false;
  let number = 0;
  // Why only here: lines that arrive before anybody waits for them are lost.
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (text.trim() === '') continue;
    for (const answer of answersTo(text, read, guard)) {
      stopped ||= !('decision' in answer) || answer.decision.effect !== 'allow';
      io.stdout.write(`${JSON.stringify(lineOf(number, answer))}\n`);
    }
  }
  return stopped ? EXIT.denied : EXIT.allowed;
}

type Answer = Replayed | { readonly error: string };
type Read = (value: unknown, guard: ToolGuard) => Replayed[];

/** Why an unreadable line taints: it may have been anything. */
function answersTo(text: string, read: Read, guard: ToolGuard): readonly Answer[] {
  try {
    return read(JSON.parse(text), guard);
  } catch (error) {
    guard.observe({ type: 'message', channel: 'document', text: '', source: 'an unreadable line' });
    const [first = ''] = errorMessage(error).split('\n', 1);
    return [{ error: printable(error instanceof SyntaxError ? `is no JSON: ${first}` : first) }];
  }
}

function lineOf(line: number, answer: Answer): object {
  if (!('decision' in answer)) return { line, ...answer };
  const { decision, ...call } = answer;
  return { line, ...call, ...decision };
}

function protocolOf({ protocol = 'cordon', server = 'mcp' }: GuardToolsOptions): Read {
  if (protocol === 'openai') return (value, guard) => replay(guard, openAiEvents(value));
  if (protocol === 'anthropic') return (value, guard) => replay(guard, anthropicEvents(value));
  if (protocol === 'mcp') return (value, guard) => replay(guard, mcpEvents(value, server));
  if (protocol !== 'cordon')
    throw new CordonError('usage.invalid', `there is no protocol ${printable(protocol)}; use cordon, openai, anthropic or mcp`);
  return (value, guard) => {
    const parsed = TraceLine.safeParse(value);
    if (!parsed.success)
      throw new CordonError('usage.invalid', 'is no line of a trace: give channel and text, result, server and tools, or call');
    return replayLines(guard, [parsed.data]);
  };
}

async function openGuard(file: string, io: Io): Promise<ToolGuard> {
  return (await guardMaker(file, io))();
}

async function guardMaker(file: string, io: Io): Promise<() => ToolGuard> {
  const { toolPolicy } = loadConfig(await readNamedFile(file, io), file);
  if (toolPolicy === undefined) throw new CordonError('config.invalid', `${file} has no section toolPolicy`);
  return () => createToolGuard(toolPolicy);
}

async function testTable(file: string, io: Io): Promise<number> {
  const tests = loadToolTests(await readNamedFile(file, io), file);
  const make = await guardMaker(relative(io.cwd, join(dirname(resolve(io.cwd, file)), tests.policy)), io);
  const results = runToolTests(tests, (lines) => {
    const last = replayLines(make(), lines).at(-1);
    if (last === undefined || !('decision' in last)) throw new CordonError('internal.bug', 'a call got no decision');
    return last.decision;
  });
  for (const { name, decision, differences } of results) {
    if (differences.length === 0) {
      io.stdout.write(`ok    ${name}\n`);
      continue;
    }
    const because = decision.reasons.map(({ id, message }) => `      ${decision.effect} ${id}: ${printable(message)}`);
    io.stdout.write(`${[`FAIL  ${name}`, ...differences.map((difference) => `      ${printable(difference)}`), ...because].join('\n')}\n`);
  }
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  io.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT.allowed : EXIT.denied;
}
