import { z } from 'zod';
import { readYaml } from '../../config/read-yaml.ts';
import type { ToolDecision } from '../tool-decision.ts';
import { TraceCall, TraceLine } from '../trace-line.ts';

const ToolCase = z.strictObject({
  name: z.string().min(1),
  given: z.array(TraceLine).default([]).describe('what happened before, calls included'),
  call: TraceCall,
  approved: z.boolean().default(false).describe('somebody approved the call'),
  expect: z.strictObject({
    effect: z.enum(['allow', 'deny', 'hold']),
    rule: z.string().optional(),
    intent: z.string().optional(),
    reasons: z.array(z.string()).optional().describe('ids of all reasons, each once, in any order'),
    message: z.string().optional().describe('part of the message of one reason'),
    tainted: z.array(z.string()).optional().describe('paths of the values that only untrusted content knows'),
  }),
});
type ToolCase = z.infer<typeof ToolCase>;

/** A file of tests: what a policy of tool calls must decide. */
export const ToolTestFile = z.strictObject({
  policy: z.string().describe('the cordon.yaml with the section toolPolicy, relative to this file'),
  cases: z.array(ToolCase).min(1).max(1_000),
});
export type ToolTestFile = z.infer<typeof ToolTestFile>;

/** What became of one case; it passed when nothing differs. */
export interface ToolCaseResult {
  readonly name: string;
  readonly decision: ToolDecision;
  readonly differences: readonly string[];
}

/** Reads a file of tests. Throws `config.invalid` with line and column. */
export function loadToolTests(text: string, path: string): ToolTestFile {
  return readYaml(text, path, ToolTestFile);
}

/** Runs all cases; `ask` decides the call of a case in a conversation of its own. */
export function runToolTests({ cases }: ToolTestFile, ask: (lines: readonly TraceLine[]) => ToolDecision): ToolCaseResult[] {
  return cases.map(({ name, given, call, approved, expect }) => {
    const decision = ask([...given, { call, approved }]);
    return { name, decision, differences: differencesOf(expect, decision) };
  });
}

function differencesOf(expected: ToolCase['expect'], { effect, rule, intent, reasons, tainted }: ToolDecision): string[] {
  const told = reasons.map(({ message }) => message);
  const found: string[] = [];
  const compare = (what: string, wanted: string | undefined, actual: string): void => {
    if (wanted !== undefined && wanted !== actual) found.push(`${what}: expected ${wanted}, decided ${actual}`);
  };
  compare('effect', expected.effect, effect);
  compare('rule', expected.rule, rule);
  compare('intent', expected.intent, intent ?? 'none');
  compare('reasons', listed(expected.reasons), listed(reasons.map(({ id }) => id)) ?? '');
  compare('tainted', listed(expected.tainted), listed(tainted.map(({ path }) => path)) ?? '');
  const { message } = expected;
  if (message !== undefined && !told.some((text) => text.includes(message)))
    found.push(`message: expected ${message}, told ${told.join('; ') || 'nothing'}`);
  return found;
}

function listed(names: readonly string[] | undefined): string | undefined {
  return names === undefined ? undefined : [...new Set(names)].toSorted().join(', ');
}
