import { expect, test } from 'vitest';
import type { GateConfig } from '../../core/config.ts';
import type { Decision } from '../../core/decision.ts';
import { loadConfig } from '../config/load-config.ts';
import { exitCode } from '../decision.ts';
import { exampleArtifact, exampleFinding, exampleInput } from '../testing/example-input.ts';
import { resolveGate } from '../gates.ts';
import type { PolicyInput } from '../input-document.ts';
import { compileGate, decide } from './gate.ts';

const NOTHING: GateConfig = { deny: [], warn: [] };

function ask(when: string, input: PolicyInput, message?: string): Decision {
  const entry = { id: 'rule', when, ...(message === undefined ? {} : { message }) };
  return decide(compileGate(resolveGate('x', { gates: { x: { ...NOTHING, deny: [entry] } } })), input);
}

function inputsOf(when: string, input: PolicyInput): readonly string[] {
  return ask(when, input).reasons[0]?.inputs ?? [];
}

function builtin(name: string, input: PolicyInput): Decision {
  return decide(compileGate(resolveGate(name, { gates: {} })), input);
}

function compileError(when: string, message?: string): string {
  try {
    ask(when, exampleInput(), message);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const THREE = exampleInput({
  findings: [
    exampleFinding({ id: 'f1', severity: 'low' }),
    exampleFinding({
      id: 'f2',
      severity: 'critical',
      rule: 'pickle.call',
      path: 'a/b.pt',
      maps: ['CWE-502'],
      evidence: { callee: 'os.system' },
    }),
    exampleFinding({ id: 'f3', severity: 'critical', suppressed: true }),
  ],
  artifacts: [
    exampleArtifact({ path: 'a/b.pt', format: 'zip', size: 10, declared: { licence: ['mit', 'gpl-3.0'] } }),
    exampleArtifact({ path: 'c.safetensors', format: 'safetensors', measured: { tensors: [{ count: 3, dtypes: { F32: 2 } }] } }),
  ],
});

test('the default gate: critical and high deny, medium warns, low and suppressed do not count', () => {
  const effectOf = (severity: 'critical' | 'high' | 'medium' | 'low', suppressed = false): string =>
    builtin('ci', exampleInput({ findings: [exampleFinding({ severity, suppressed })] })).effect;
  expect(['critical', 'high', 'medium', 'low'].map((severity) => effectOf(severity as 'low'))).toEqual(['deny', 'deny', 'warn', 'allow']);
  expect(effectOf('critical', true)).toBe('allow');
});

test('the default gate says what and why', () => {
  expect(builtin('ci', THREE).reasons).toEqual([
    {
      id: 'critical',
      effect: 'deny',
      message: 'Critical findings: 1',
      inputs: ['findings[1].severity="critical"', 'findings[1].unread=false', 'findings[1].suppressed=false'],
    },
  ]);
});

test.each([
  [{ completeness: 'inconclusive' } as const, 'deny', 2],
  [{ completeness: 'inconclusive', findings: [exampleFinding({ rule: 'engine.malformed', unread: true })] } as const, 'deny', 2],
  [{ completeness: 'inconclusive', findings: [exampleFinding({ unread: true }), exampleFinding()] } as const, 'deny', 1],
  [{ completeness: 'not-scanned', findings: [exampleFinding({ severity: 'medium', unread: true })] } as const, 'deny', 2],
  [{ findings: [exampleFinding()] }, 'deny', 1],
  [{ findings: [exampleFinding({ severity: 'medium' })] }, 'warn', 0],
  [{}, 'allow', 0],
] as const)('exit code of %j', (given, effect, code) => {
  const decision = builtin('ci', exampleInput(given));
  expect([decision.effect, exitCode(decision)]).toEqual([effect, code]);
});

test('research lets the unread pass with a warning, strict denies what is to be reviewed', () => {
  const unread = exampleInput({
    completeness: 'inconclusive',
    artifacts: [exampleArtifact({ completeness: 'inconclusive', reasons: ['ends early'] })],
  });
  expect(builtin('research', unread)).toMatchObject({
    effect: 'warn',
    reasons: [
      {
        message: 'Not read to the end: model.pkl (ends early)',
        inputs: ['completeness="inconclusive"', 'artifacts[0].completeness="inconclusive"'],
      },
    ],
  });
  expect(builtin('strict', exampleInput({ findings: [exampleFinding({ severity: 'medium' })] })).effect).toBe('deny');
});

test('the same inputs give the same bytes, whatever the order of the artifacts', () => {
  const first = builtin('ci', THREE);
  expect(JSON.stringify(builtin('ci', structuredClone(THREE)))).toBe(JSON.stringify(first));
  expect(builtin('ci', { ...THREE, artifacts: THREE.artifacts.toReversed() }).subject).toBe(first.subject);
  expect(builtin('strict', THREE).policy).not.toBe(first.policy);
});

test.each([
  ['findings.exists(f, f.rank >= CRITICAL && !f.suppressed)', ['findings[1].rank=4', 'findings[1].suppressed=false']],
  ['size(findings.filter(f, f.rule.startsWith("pickle."))) > 0', ['findings[1].rule="pickle.call"']],
  ['findings.filter(f, !f.suppressed).exists(f, "CWE-502" in f.maps)', ['findings[1].suppressed=false', 'findings[1].maps=["CWE-502"]']],
  ['findings.filter(f, f.rank > 3).map(f, f.path).exists(p, glob(p, "a/*"))', ['findings[1].rank=4', 'findings[1].path="a/b.pt"']],
  ['!artifacts.all(a, a.format == "safetensors")', ['artifacts[0].format="zip"']],
  ['artifacts.all(a, a.size < 5000)', ['size(artifacts)=2']],
  ['size(findings) == 3', ['size(findings)=3']],
  ['findings.size() > 2 && completeness == "complete"', ['size(findings)=3', 'completeness="complete"']],
  ['context.gate == "ci" || context.waivers.expired > 0', ['context.gate="ci"']],
  ['!findings.exists(f, f.rule == "x.y")', ['size(findings)=3']],
  ['findings[1].evidence.callee == "os.system"', ['findings[1].evidence.callee="os.system"']],
  ['findings[1].evidence["callee"] == "os.system"', ['findings[1].evidence["callee"]="os.system"']],
  ['findings.filter(f, f.suppressed)[0].severity == "critical"', ['findings[2].severity="critical"']],
  [
    'artifacts.exists(a, "licence" in a.declared && a.declared.licence.exists(l, !(l in ["mit"])))',
    ['artifacts[0].declared={"licence": ["mit", "gpl-3.0"]}', 'artifacts[0].declared.licence[1]="gpl-3.0"'],
  ],
  ['artifacts.exists(a, a.measured[?"tensors"].orValue([]).exists(t, t.count > 2))', ['artifacts[1].measured["tensors"][0].count=3']],
  ['findings.exists_one(f, f.rule == "pickle.call")', ['findings[1].rule="pickle.call"']],
  ['findings.exists(f, cel.bind(n, f.rank, n == 4 && !f.suppressed))', ['findings[1].rank=4', 'findings[1].suppressed=false']],
  ['size(findings) > 5 ? false : findings.exists(f, f.severity == "low")', ['size(findings)=3', 'findings[0].severity="low"']],
  ['artifacts.exists(a, a.measured.exists(name, name == "tensors"))', ['keys(artifacts[1].measured)="tensors"']],
  [
    'findings.exists(f, artifacts.exists(a, a.path == f.path && f.rank == 4))',
    ['artifacts[0].path="a/b.pt"', 'findings[1].path="a/b.pt"', 'findings[1].rank=4'],
  ],
  ['findings.exists(f, has(f.evidence.callee))', ['findings[1].evidence.callee="os.system"']],
  ['size(findings[1].rule) > 3', ['findings[1].rule="pickle.call"']],
])('what made %s fire', (when, inputs) => {
  expect(inputsOf(when, THREE)).toEqual(inputs);
});

test('five hundred witnesses are told as ten and a number', () => {
  const findings = Array.from({ length: 500 }, () => exampleFinding());
  const inputs = inputsOf('findings.exists(f, f.severity == "high")', exampleInput({ findings }));
  expect(inputs).toHaveLength(11);
  expect(inputs.at(-1)).toBe('… 490 more of findings');
});

test('hostile text cannot act on a terminal, not through a message and not through an input', () => {
  const hostile = exampleInput({ findings: [exampleFinding({ path: 'a\x1b[31m\u202e.pt' })] });
  const [reason] = ask('findings.exists(f, f.path != "")', hostile, 'Bad: {{ findings.map(f, f.path) }}').reasons;
  expect(reason?.message).toBe(String.raw`Bad: a\x1b[31m\u{202e}.pt`);
  expect(reason?.inputs).toEqual(['findings[0].path="a\\\\x1b[31m\\\\u{202e}.pt"']);
});

test.each([
  ['"licence" in artifacts[9].declared', 'No such key: index out of bounds, index 9 >= size 2'],
  ['artifacts.exists(a, a.declared.owner[0] == "me")', 'No such key: owner'],
  ['size(findings) / 0 > 1', 'division by zero'],
  ['artifacts[0].declared.licence[0]', 'its value is neither true nor false'],
  [
    'findings.exists(a, findings.exists(b, findings.exists(c, findings.exists(d, a.id == b.id && c.id == d.id))))',
    /^it would take up to \d+ steps/,
  ],
])('%s cannot be evaluated: the gate denies and says so', (when, why) => {
  const findings = [...THREE.findings, ...Array.from({ length: 200 }, () => exampleFinding())];
  const { effect, reasons } = ask(when, { ...THREE, findings });
  expect(effect).toBe('deny');
  expect(reasons[0]?.message).toMatch(
    why instanceof RegExp ? /would take up to \d+ steps/ : `could not be evaluated, so the gate denies: ${why}`,
  );
});

test('a failing message does not hide the reason', () => {
  expect(ask('true', THREE, 'n = {{ findings[7].id }}').reasons[0]?.message).toMatch(/^n = \(No such key/);
});

test('a message shows values, braces and quotes included', () => {
  const message = 'ids {{ findings.map(f, f.id) }}; {{ {"a": "}}"}["a"] }}; {{ 3 * 2 }} {{ true }}';
  expect(ask('true', THREE, message).reasons[0]?.message).toBe('ids f1, f2, f3; }}; 6 true');
});

test.each([
  [
    'findings.exists(f, f.severty == "high")',
    'gates.x.deny.rule: when: No such key: severty at character 22 of "findings.exists(f, f.severty == \\"high\\")"; did you mean "severity"?',
  ],
  [
    'finding.size() > 0',
    'gates.x.deny.rule: when: Unknown variable: finding at character 1 of "finding.size() > 0"; did you mean "findings"?',
  ],
  ['findings.exist(f, f.suppressed)', 'gates.x.deny.rule: when: there is no function exist(); did you mean exists()?'],
  ['size(findings)', 'gates.x.deny.rule: when: must be true or false, but is of type int'],
  [
    'findings.exists(f, f.severity == "critcal")',
    'gates.x.deny.rule: when: severity is never "critcal"; it is one of "info", "low", "medium", "high", "critical"',
  ],
  [
    'findings.exists(f, f.path.matches("(a+)+$"))',
    'gates.x.deny.rule: when: matches() is not available; use glob(text, "pattern"), startsWith(), endsWith() or contains()',
  ],
])('%s is refused before anything is decided', (when, message) => {
  expect(compileError(when)).toBe(message);
});

test('evidence and facts may hold any word, also under the name of a field', () => {
  expect(compileError('findings.exists(f, f.evidence.severity == "9.8" || f.evidence.format == "x")')).toBe('');
  expect(compileError('artifacts.exists(a, a.measured[?"x"].orValue([]).exists(format, format == "y"))')).toBe('');
});

test.each([['{{ findings'], ['{{ findings.map(f, f.nope) }}'], ['{{ 1 + }}']])('message %s is refused', (message) => {
  expect(compileError('true', message)).toMatch(/^gates\.x\.deny\.rule: message: /);
});

test('a gate extends a built-in one and replaces single entries', () => {
  const config = loadConfig(
    `gates:
  ci:
    extends: ci
    warn: [{ id: high, when: 'findings.exists(f, f.severity == "high")' }]
`,
    'cordon.yaml',
  );
  const gate = resolveGate('ci', config);
  expect([gate.deny.map(({ id }) => id), gate.warn.map(({ id }) => id)]).toEqual([
    ['critical', 'unread'],
    ['medium', 'waiver-expired', 'waiver-refused', 'waiver-unmatched', 'high'],
  ]);
  expect(() => resolveGate('strikt', config)).toThrow('did you mean "strict"?');
  expect(() => resolveGate('constructor', config)).toThrow('there is no gate');
});
