import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../core/report.ts';
import type { Io } from '../io.ts';
import { explainCommand } from './explain.ts';
import { policyCheckCommand } from './policy-check.ts';
import { policyTestCommand } from './policy-test.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/policies', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(command: (io: Io) => Promise<number>, cwd = folder): Promise<string> {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  const code = await command({ stdout: stream, stderr: stream, env: {}, cwd });
  return `${text}exit ${code}`;
}

function given(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

test('check tells what is valid and yet hardly meant', async () => {
  const file = given(
    'cordon.yaml',
    `gates:
  ci: { deny: [{ id: call, when: 'findings.exists(f, f.rule == "pickle.dangerous-cal")' }] }
  other: { extends: ci, allowIncomplete: true }
waivers: [{ id: W1, rule: nothing.*, reason: r, owner: o, expires: 2026-01-01 }]
`,
  );
  expect(await run((io) => policyCheckCommand(file, io))).toBe(`cordon.yaml: valid, decided by cel
  gate ci: 1 deny, 0 warn; what was not read to its end denies
  gate other: 3 deny, 4 warn; what was not read to its end warns
  waivers: 1
  warning: gates.ci replaces the built-in gate (critical, high, unread, medium, waiver-expired, waiver-refused, waiver-unmatched); add "extends: ci" to keep its entries
  warning: gates.ci: call: there is no rule "pickle.dangerous-cal"; did you mean "pickle.dangerous-call"?
  warning: waivers: W1: there is no rule "nothing.*"
exit 0`);
});

test('check tells all conditions that are wrong, and a file that is not there', async () => {
  const file = given('bad.yaml', 'gates: { a: { deny: [{ id: x, when: nope }] }, b: { warn: [{ id: y, when: "1" }] } }');
  await expect(run((io) => policyCheckCommand(file, io))).rejects.toThrow(
    'gates.a.deny.x: when: Unknown variable: nope at character 1 of "nope"\ngates.b.warn.y: when: must be true or false, but is of type int',
  );
  await expect(run((io) => policyCheckCommand('absent.yaml', io))).rejects.toThrow('cannot read absent.yaml');
  const missing = given('wasm.yaml', 'policy: { engine: opa-wasm, bundle: absent.tar.gz }');
  await expect(run((io) => policyCheckCommand(missing, io))).rejects.toThrow('cannot read policy.bundle absent.tar.gz');
});

test('test passes', async () => {
  expect(await run((io) => policyTestCommand('start-here.test.yaml', io), EXAMPLES)).toMatch(/3 passed, 0 failed\nexit 0$/);
});

test('test shows what differs and why it was decided so', async () => {
  const file = given(
    'p.test.yaml',
    `cases:
  - name: one high finding
    input: { findings: [{ severity: high }] }
    expect: { effect: allow, exitCode: 0, reasons: [high, { id: critical, message: x }] }
`,
  );
  expect(await run((io) => policyTestCommand(file, io))).toBe(`FAIL  one high finding
      effect
        - expected: allow
        + decided:  deny
      exitCode
        - expected: 0
        + decided:  1
      reasons
        - expected: critical, high
        + decided:  high
      gate ci decided deny because
        deny high: High findings: 1 [findings[0].severity="high", findings[0].unread=false, findings[0].suppressed=false]
0 passed, 1 failed
exit 1`);
});

test('a misspelt field in a test is an error, not a case that passes', async () => {
  const file = given(
    'typo.test.yaml',
    'cases:\n  - name: x\n    input: { findings: [{ severty: high }] }\n    expect: { effect: allow }\n',
  );
  await expect(run((io) => policyTestCommand(file, io))).rejects.toThrow(
    'typo.test.yaml:3:27: unknown key "severty" in cases.0.input.findings.0; did you mean "severity"?',
  );
});

const REPORT: Report = {
  schema: 'cordon/report/1',
  verdict: 'blocked',
  completeness: 'complete',
  gate: {
    name: 'ci',
    effect: 'deny',
    engine: 'cel',
    policy: '0',
    subject: '0',
    evidence: [],
    reasons: [{ id: 'critical', effect: 'deny', message: 'Critical findings: 1', inputs: ['findings[0].severity="critical"'] }],
  },
  artifacts: [],
  findings: [
    {
      id: 'f1',
      rule: 'pickle.dangerous-call',
      severity: 'critical',
      message: 'posix.system is called\u001b[31m',
      location: { path: 'a.pt', member: 'a/data.pkl' },
      key: 'posix.system',
      fingerprint: 'x',
      contentFingerprint: 'y',
      evidence: {},
      fix: '',
      maps: [],
    },
  ],
  plugins: [],
  waivers: [],
  stats: { files: 1, bytes: 1, members: 1, findings: {}, suppressed: 0, cut: 0 },
  tool: { name: 'cordon', version: '0', rules: '0' },
};

test('explain says which input values made an entry fire', async () => {
  const report = given('report.json', JSON.stringify(REPORT));
  const place = String.raw`critical pickle.dangerous-call in a.pt!a/data.pkl: posix.system is called\x1b[31m`;
  expect(await run((io) => explainCommand(undefined, { report }, io))).toBe(`gate ci decides: deny (cel)

deny critical: Critical findings: 1
  findings[0].severity="critical"
  findings[0] is ${place}
exit 0`);
  expect(await run((io) => explainCommand('pickle.dangerous-call', { report }, io))).toContain(`It fired once:\n  ${place}\n`);
  expect(await run((io) => explainCommand('zip.gap', { report }, io))).toContain('It did not fire in this report.');
  await expect(run((io) => explainCommand('critica', { report }, io))).rejects.toThrow('did you mean "critical"?');
});

test('explain documents a rule, and refuses what is none', async () => {
  expect(await run((io) => explainCommand('pickle.dangerous-call', {}, io))).toMatch(
    /^pickle\.dangerous-call \(critical\)\n {2}.+\n\n {2}Why: .+\n {2}Fix: .+\n {2}See: CWE-502/,
  );
  await expect(run((io) => explainCommand('pickle.dangrous-call', {}, io))).rejects.toThrow('did you mean "pickle.dangerous-call"?');
  await expect(run((io) => explainCommand(undefined, {}, io))).rejects.toThrow('name a rule');
  const other = given('other.json', '{"schema": 1}');
  await expect(run((io) => explainCommand(undefined, { report: other }, io))).rejects.toThrow('is not a report of cordon');
});
