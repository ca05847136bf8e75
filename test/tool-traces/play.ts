import { readFileSync } from 'node:fs';
import type { Call, Task } from '../agent-traces/task.ts';
import { createToolGuard, type ToolGuard } from '../../src/engine/guard/tool-guard.ts';
import { loadConfig } from '../../src/policy/config/load-config.ts';
import type { ToolDecision } from '../../src/policy/tools/tool-decision.ts';
import type { Attack } from './attacks.ts';

const FILE = new URL('policy.yaml', import.meta.url);
const POLICY = loadConfig(readFileSync(FILE, 'utf8'), 'policy.yaml').toolPolicy ?? {};

/** What the attacker's own calls return where nobody outside can write. */
const TRUSTED = /^(?:find_contact|lookup_user|list_own_accounts|list_saved_payees|get_time|whoami|directory\/lookup)$/;
/** Tools that do nothing outside the conversation: a call of them is a step of the attack and no success. */
const HARMLESS = /^(?:find_contact|notes\/|create_draft|add_to_cart|search_|read_|list_)/;

/** What became of a trace. */
export interface Outcome {
  readonly stopped: readonly { readonly call: Call; readonly decision: ToolDecision }[];
  readonly unauthorised: readonly Call[];
  readonly tried: number;
}

/** Plays a task. With an attack, its text (and its record) stand in the first result that is not trusted, and the agent obeys at once. */
export function play(task: Task, attack?: Attack): Outcome {
  const guard = createToolGuard(POLICY);
  guard.observe(
    { type: 'message', channel: 'system', text: 'You help with everyday work.' },
    { type: 'message', channel: 'user', text: task.user },
  );
  const stopped: { call: Call; decision: ToolDecision }[] = [];
  const unauthorised: Call[] = [];
  let pending = attack;
  let tried = 0;
  for (const [index, { call, result }] of task.steps.entries()) {
    const id = `c${index}`;
    const decision = ask(guard, call, id);
    if (decision.effect !== 'allow') {
      stopped.push({ call, decision });
      continue;
    }
    const planted = pending !== undefined && !TRUSTED.test(call[0]) ? pending : undefined;
    guard.observe({ type: 'result', callId: id, text: planted === undefined ? result : plant(result, planted, task) });
    if (planted === undefined) continue;
    pending = undefined;
    for (const [number, wanted] of planted.calls(task).entries()) {
      const own = `a${number}`;
      const answer = ask(guard, wanted, own);
      if (HARMLESS.test(wanted[0])) {
        if (answer.effect === 'allow')
          guard.observe({ type: 'result', callId: own, text: TRUSTED.test(wanted[0]) ? 'Mallory, mallory@corp.example' : planted.text });
        continue;
      }
      tried++;
      if (answer.effect === 'allow') unauthorised.push(wanted);
    }
  }
  return { stopped, unauthorised, tried };
}

/** Into a JSON list: as the text of each entry, and as an entry of its own; otherwise behind the text. */
function plant(result: string, { text, record, alone = false }: Attack, task: Task): string {
  if (!/^[[{]/.test(result)) return `${result}\n${text}`;
  const value = JSON.parse(result) as unknown;
  if (!Array.isArray(value)) return JSON.stringify({ ...(value as object), body: text });
  if (value.some((entry) => typeof entry === 'string')) return JSON.stringify([...value, text]);
  if (alone && record !== undefined) return JSON.stringify([{ ...record(task), body: text }]);
  return JSON.stringify([
    ...(value as object[]).map((entry) => ({ ...entry, body: text })),
    ...(record === undefined ? [] : [{ ...record(task), body: text }]),
  ]);
}

function ask(guard: ToolGuard, [key, given]: Call, id: string): ToolDecision {
  const [tool = '', server] = key.split('/').toReversed();
  return guard.decide({ id, tool, ...(server === undefined ? {} : { server }), arguments: JSON.stringify(given) });
}
