import * as z from 'zod';
import type { Decision } from '../../core/decision.ts';
import { Effect } from '../../core/decision.ts';
import { FORMATS } from '../../core/format.ts';
import { Severity } from '../../core/severity.ts';
import { Completeness, Verdict } from '../../core/verdict.ts';
import { readYaml } from '../config/read-yaml.ts';
import { exitCode } from '../decision.ts';
import { exampleArtifact, exampleFinding, exampleInput } from './example-input.ts';
import type { PolicyInput } from '../input-document.ts';

const count = z.int().nonnegative();
const facts = z.record(z.string(), z.array(z.json()));
const format = z.enum([...FORMATS, '']);

const TestFinding = z
  .strictObject({
    id: z.string(),
    rule: z.string(),
    severity: Severity,
    path: z.string(),
    member: z.string(),
    key: z.string(),
    message: z.string(),
    fingerprint: z.string(),
    suppressed: z.boolean(),
    unread: z.boolean(),
    baseline: z.enum(['new', 'unchanged', '']),
    maps: z.array(z.string()),
    evidence: z.record(z.string(), z.json()),
    format,
    sha256: z.string(),
  })
  .partial();

const TestArtifact = z
  .strictObject({
    path: z.string(),
    sha256: z.string(),
    size: z.int().min(-1),
    format,
    verdict: Verdict,
    completeness: Completeness,
    reasons: z.array(z.string()),
    measured: facts,
    declared: facts,
  })
  .partial();

const TestContext = z
  .strictObject({
    today: z.iso.date(),
    baseline: z.strictObject({ compared: z.boolean(), new: count, unchanged: count, fixed: count }).partial(),
    waivers: z.strictObject({ active: count, nearExpiry: count, expired: count, unmatched: count, refused: count }).partial(),
  })
  .partial();

const ExpectedReason = z.union([
  z.string(),
  z.strictObject({
    id: z.string(),
    effect: Effect.optional(),
    message: z.string().optional(),
    inputs: z.array(z.string()).optional().describe('values that must be among those that made it fire'),
  }),
]);

const TestCase = z.strictObject({
  name: z.string().min(1),
  gate: z.string().optional(),
  input: z
    .strictObject({
      findings: z.array(TestFinding).default([]),
      artifacts: z.array(TestArtifact).default([]),
      completeness: Completeness.default('complete'),
      context: TestContext.default({}),
    })
    .prefault({}),
  expect: z.strictObject({
    effect: Effect,
    reasons: z.array(ExpectedReason).optional().describe('all reasons, by id, in any order'),
    exitCode: z.int().min(0).max(2).optional(),
  }),
});
type TestCase = z.infer<typeof TestCase>;

/** A file of policy tests: what the gates of a policy must decide on given inputs. */
export const PolicyTestFile = z.strictObject({
  policy: z.string().optional().describe('the cordon.yaml to test, relative to this file (default: the built-in gates)'),
  gate: z.string().default('ci').describe('the gate to ask where a case does not say'),
  cases: z.array(TestCase).min(1).max(1_000),
});
export type PolicyTestFile = z.infer<typeof PolicyTestFile>;

/** What became of one case. */
export interface CaseResult {
  readonly name: string;
  readonly gate: string;
  readonly decision: Decision;
  /** What is not as expected; empty when it passed. */
  readonly differences: readonly { readonly what: string; readonly expected: string; readonly actual: string }[];
}

/** Reads a policy test file. Throws `config.invalid` with line and column. */
export function loadPolicyTests(text: string, path: string): PolicyTestFile {
  return readYaml(text, path, PolicyTestFile);
}

/** Runs all cases; `ask` decides with a gate of the policy under test. */
export async function runPolicyTests(
  file: PolicyTestFile,
  ask: (gate: string, input: PolicyInput) => Promise<Decision>,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const testCase of file.cases) {
    const gate = testCase.gate ?? file.gate;
    const decision = await ask(gate, inputOf(testCase, gate));
    results.push({ name: testCase.name, gate, decision, differences: differencesOf(testCase.expect, decision) });
  }
  return results;
}

function inputOf({ input }: TestCase, gate: string): PolicyInput {
  const { context } = exampleInput();
  return exampleInput({
    findings: input.findings.map((finding, index) => exampleFinding({ id: `f${index + 1}`, ...defined(finding) })),
    artifacts: input.artifacts.map((artifact) => exampleArtifact(defined(artifact))),
    completeness: input.completeness,
    context: {
      gate,
      today: input.context.today ?? context.today,
      baseline: { ...context.baseline, ...defined(input.context.baseline ?? {}) },
      waivers: { ...context.waivers, ...defined(input.context.waivers ?? {}) },
    },
  });
}

function differencesOf(expected: TestCase['expect'], decision: Decision): CaseResult['differences'] {
  const differences: { what: string; expected: string; actual: string }[] = [];
  const compare = (what: string, wanted: unknown, actual: unknown): void => {
    if (wanted !== undefined && wanted !== actual) differences.push({ what, expected: String(wanted), actual: String(actual) });
  };
  compare('effect', expected.effect, decision.effect);
  compare('exitCode', expected.exitCode, exitCode(decision));
  if (expected.reasons === undefined) return differences;
  const wanted = expected.reasons.map((reason) => (typeof reason === 'string' ? { id: reason } : reason));
  compare('reasons', idList(wanted), idList(decision.reasons));
  for (const reason of wanted) {
    const actual = decision.reasons.find(({ id }) => id === reason.id);
    if (actual === undefined || !('effect' in reason || 'message' in reason || 'inputs' in reason)) continue;
    compare(`${reason.id}.effect`, reason.effect, actual.effect);
    compare(`${reason.id}.message`, reason.message, actual.message);
    const missing = (reason.inputs ?? []).filter((input) => !actual.inputs.includes(input));
    if (missing.length > 0)
      differences.push({ what: `${reason.id}.inputs`, expected: missing.join(', '), actual: actual.inputs.join(', ') });
  }
  return differences;
}

function idList(reasons: readonly { readonly id: string }[]): string {
  return (
    reasons
      .map(({ id }) => id)
      .toSorted()
      .join(', ') || 'none'
  );
}

/** Drops keys without a value, so that they do not hide the ordinary one. */
function defined<Given extends object>(given: Given): { [Key in keyof Given]: Exclude<Given[Key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Given]: Exclude<Given[Key], undefined>;
  };
}
