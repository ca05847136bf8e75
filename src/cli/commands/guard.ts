import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { Channel } from '../../core/text.ts';
import { type Conversation, withTexts } from '../../engine/guard/conversation.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { createGuard, type Guard } from '../../engine/guard/guard.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { findConfig } from './find-config.ts';
import { readNamedFile } from './read-file.ts';

/** Lines that are decided at the same time where judges are asked, which mostly wait for others. */
const LANES = 8;

/** Options of `cordon guard`. */
export interface GuardFlags {
  readonly profile?: string;
  readonly policy?: string;
  readonly redact?: boolean;
  /** A model instead of the one that the profile names. */
  readonly model?: string;
}

/**
 * `cordon guard`: reads one JSON object per line, `{"text", "channel"}` or `{"messages"}`, and writes one decision per line in the same
 * order. A line that cannot be read gives `{"error"}` in its place; the exit code is then 3, else 1 if anything was blocked, else 0.
 */
export async function guardCommand(flags: GuardFlags, io: Io, input: NodeJS.ReadableStream = process.stdin): Promise<number> {
  const guard = await loadGuard(flags, io);
  let blocked = false;
  let broken = false;
  const lanes = guard.hasJudges ? LANES : 1;
  const waiting: Promise<void>[] = [];
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const before = waiting.at(-1);
    const made = answerTo(line, guard, flags.redact === true);
    waiting.push(put(made, before));
    if (waiting.length >= lanes) await waiting.shift();
  }
  await Promise.all(waiting);
  if (broken) return EXIT.usage;
  return blocked ? EXIT.denied : EXIT.allowed;

  /** Writes an answer when the one before it is written. */
  async function put(made: Promise<object>, before: Promise<void> | undefined): Promise<void> {
    const answer = await made;
    await before;
    blocked ||= 'verdict' in answer && answer.verdict === 'blocked';
    broken ||= 'error' in answer;
    await write(io, `${JSON.stringify(answer)}\n`);
  }
}

/** The guard of a configuration file: the one named, or `cordon.yaml` found from the working directory upwards. */
export async function loadGuard(flags: GuardFlags, io: Io): Promise<Guard> {
  const path = flags.policy ?? findConfig([], io.cwd, false).file;
  const config = path === undefined ? undefined : loadConfig(await readNamedFile(path, io), path).guard;
  return createGuard({
    env: io.env,
    ...(config === undefined ? {} : { config }),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
    folder: path === undefined ? io.cwd : dirname(resolve(io.cwd, path)),
    ...(flags.model === undefined ? {} : { model: modelOf(flags.model, io.cwd) }),
  });
}

/** What is no path from here is the name of a package. */
function modelOf(named: string, cwd: string): string {
  const path = resolve(cwd, named);
  return existsSync(path) ? path : named;
}

async function answerTo(line: string, guard: Guard, redact: boolean): Promise<object> {
  try {
    const value = readLine(line);
    const decision = await guard.assess(value.input);
    const redacted = redactedOf(value, decision);
    const { verdict, effect, score, detections, reasons, modelDigest, policyDigest, failures, judges } = decision;
    if (redact) return { redacted: redacted ?? ('text' in value.input ? value.input.text : value.input.messages), verdict, effect };
    return {
      verdict,
      effect,
      score,
      detections,
      ...(redacted === undefined ? {} : { redacted }),
      reasons,
      model: modelDigest,
      policy: policyDigest,
      ...(failures.length === 0 ? {} : { failures }),
      ...(judges === undefined ? {} : { judges }),
    };
  } catch (error) {
    return { error: errorMessage(error) };
  }
}

type Line = { readonly input: { readonly text: string; readonly channel: Channel } | Conversation };

function readLine(line: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new CordonError('usage.invalid', `the line is not JSON: ${errorMessage(error).slice(0, 200)}`, { cause: error });
  }
  const record = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (Array.isArray(record.messages)) return { input: record as unknown as Conversation };
  if (typeof record.text !== 'string') throw new CordonError('usage.invalid', 'the line needs "text", or "messages"');
  const channel = Channel.safeParse(record.channel ?? 'user');
  if (!channel.success) throw new CordonError('usage.invalid', `the channel is none of ${Channel.options.join(', ')}`);
  return { input: { text: record.text, channel: channel.data } };
}

function redactedOf({ input }: Line, decision: GuardDecision): unknown {
  if (decision.redacted === undefined) return undefined;
  return 'text' in input ? decision.redacted[0] : withTexts(input as Conversation, decision.redacted).messages;
}

/** Waits for a slow reader. Why: a long file must not pile up in memory. */
async function write(io: Io, text: string): Promise<void> {
  if (io.stdout.write(text) === false && 'once' in io.stdout) {
    const { stdout } = io;
    await new Promise<void>((done) => {
      stdout.once('drain', () => done());
      stdout.once('error', () => done());
      stdout.once('close', () => done());
    });
  }
}
