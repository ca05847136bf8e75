import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { closestWord } from './closest-word.ts';
import { configJsonSchema, loadConfig } from './load-config.ts';

function problem(text: string): string {
  try {
    loadConfig(text, 'cordon.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(CordonError);
    expect((error as CordonError).code).toBe('config.invalid');
    return (error as CordonError).message;
  }
  return '';
}

test('an empty file is the default configuration', () => {
  expect(loadConfig('', 'cordon.yaml')).toMatchObject({ gates: {}, waivers: [], policy: { engine: 'cel' }, limits: { depth: 6 } });
  expect(loadConfig('# nothing\n', 'cordon.yaml').waiverPolicy.defaultDays).toBe(90);
});

test('JSON is accepted', () => {
  expect(loadConfig('{"scan": {"gate": "strict"}}', 'cordon.json').scan.gate).toBe('strict');
});

test('a limit keeps the defaults of the others', () => {
  const { limits } = loadConfig('limits: { depth: 3 }', 'cordon.yaml');
  expect([limits.depth, limits.ratio]).toEqual([3, 1200]);
});

test('an anchor may share a condition', () => {
  const config = loadConfig(
    'gates:\n  a:\n    deny:\n      - { id: x, when: &when "size(findings) > 0" }\n  b:\n    warn:\n      - { id: y, when: *when }\n',
    'cordon.yaml',
  );
  expect(config.gates['b']?.warn[0]?.when).toBe('size(findings) > 0');
});

test.each([
  ['gate:\n  ci: {}\n', 'cordon.yaml:1:1: unknown key "gate"; did you mean "gates"?'],
  [
    'gates:\n  ci:\n    deny:\n      - id: x\n        wehn: "true"\n',
    'cordon.yaml:4:9: gates.ci.deny.0.when: is missing\ncordon.yaml:5:9: unknown key "wehn" in gates.ci.deny.0; did you mean "when"?',
  ],
  ['limits:\n  dpeth: 3\n', 'cordon.yaml:2:3: unknown key "dpeth" in limits; did you mean "depth"?'],
  ['gates:\n  CI: {}\n', 'cordon.yaml:2:3: gates.CI: use lower-case letters, digits and hyphens, starting with a letter'],
  [
    'waivers:\n  - { id: a, rule: b, reason: c, owner: d }\n',
    'cordon.yaml:2:5: waivers.0: say when it ends (expires), or when it was created',
  ],
  ['waivers:\n  - { id: a, rule: b, reason: c, owner: d, expires: 2026-02-31 }\n', 'cordon.yaml:2:53: waivers.0.expires: invalid ISO date'],
  [
    'gates: { x: { deny: [{ id: a, when: "true" }], warn: [{ id: a, when: "true" }] } }',
    'cordon.yaml:1:13: gates.x: the id "a" is used twice',
  ],
  ['policy:\n  engine: opa-server\n  url: ftp://x\n', 'cordon.yaml:3:8: policy.url: invalid URL'],
  [
    'policy:\n  engine: opa-server\n  url: http://x\n  timeout: 3\n',
    'cordon.yaml:4:3: unknown key "timeout" in policy; did you mean "timeoutMs"?',
  ],
  ['scan:\n  gate: [\n', 'cordon.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ['a: 1\na: 2\n', 'cordon.yaml:2:1: Map keys must be unique'],
  ['scan: !!python/object:os.system {}\n', 'cordon.yaml:1:7: Unresolved tag: tag:yaml.org,2002:python/object:os.system'],
  ['[]', 'cordon.yaml:1:1: document: invalid input: expected object, received array'],
])('%j', (text, message) => {
  expect(problem(text)).toBe(message);
});

test('an alias bomb is refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) =>
      `k${level}: &a${level} [${Array(9)
        .fill(level ? `*a${level - 1}` : '1')
        .join(', ')}]`,
  );
  expect(problem(levels.join('\n'))).toMatch(/alias/i);
});

test('an oversized file is refused before it is parsed', () => {
  expect(problem(`# ${'x'.repeat(2_000_001)}`)).toMatch(/larger than/);
});

test('whatever the text: a configuration or config.invalid', () => {
  const fragment = fc.constantFrom(
    'gates:',
    ' ',
    '\n',
    '- ',
    'ci',
    ': ',
    '*a',
    '&a ',
    '{',
    '}',
    '[',
    '"',
    '!!x ',
    '__proto__: ',
    '?',
    '|',
    '<<: ',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fragment, { maxLength: 20 }).map((parts) => parts.join('')),
      ),
      (text) => {
        problem(text);
      },
    ),
  );
  expect(({} as Record<string, unknown>)['gates']).toBeUndefined();
});

test('the JSON Schema lists the keys for editors', () => {
  expect(Object.keys((configJsonSchema() as { properties: object }).properties)).toContain('waiverPolicy');
});

test.each([
  ['wehn', 'when'],
  ['allowincomplete', 'allowIncomplete'],
  ['zzz', undefined],
])('closest to %s', (word, expected) => {
  expect(closestWord(word, ['when', 'allowIncomplete', 'message'])).toBe(expected);
});
