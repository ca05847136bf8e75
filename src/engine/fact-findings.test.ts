import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { FixtureCase } from '../../test/fixture-case.ts';
import { call, op, pickle, stackGlobal, text } from '../../test/pickle-assembler.ts';
import { Budget, Limits } from '../core/budget.ts';
import { bufferSource } from '../formats/bytes/source.ts';
import { FILE_SCANNERS } from '../scanners/index.ts';
import { type FileDraft, fileDraft } from './drafts.ts';
import { factFindings } from './fact-findings.ts';
import { inspectFile } from './inspect-file.ts';
import { RULES } from './rule-set.ts';

function scanned(path: string, bytes: Uint8Array): FileDraft {
  const inspection = inspectFile(path, bufferSource(bytes), FILE_SCANNERS, new Budget(Limits.parse({})));
  return fileDraft({ kind: 'file', id: 0, sha256: 'a'.repeat(64), size: bytes.length, inspection }, path, bytes.length, RULES);
}

test('what an older scanner let pass and is dangerous today is found without bytes', () => {
  const draft = scanned('model.pkl', pickle(call(stackGlobal('posix', 'system'), text('true')), op.pop, op.none));
  const older = { ...draft, findings: [] };
  expect(factFindings(older, RULES)).toMatchObject([{ rule: 'pickle.dangerous-reference', severity: 'high', key: 'posix.system' }]);
  expect(factFindings(draft, RULES)).toEqual([]);
  const sinks = {
    name: 'python.sinks',
    basis: 'measured',
    value: [{ kind: 'reverse-shell', callee: 'pty.spawn', line: 3, runsAt: 'import' }],
  } as const;
  const program = { ...older, artifact: { ...older.artifact, facts: [{ ...sinks, value: [...sinks.value] }] } };
  expect(factFindings(program, RULES)).toMatchObject([{ rule: 'python-code.reverse-shell', location: { line: 3 } }]);
});

test('facts that are not what they should be say nothing', () => {
  const draft = scanned('a.txt', Buffer.from('text'));
  const odd = [null, 5, 'x', [null, 5, {}, { kind: 'toString', callee: 1 }, '', 'system'], { a: 1 }];
  for (const name of ['pickle.imports', 'python.sinks', 'other'])
    for (const value of odd) {
      const facts = [{ name, basis: 'measured' as const, value: value as never }];
      expect(factFindings({ ...draft, artifact: { ...draft.artifact, facts } }, RULES)).toEqual([]);
    }
});

test('facts of what the scanners of today have seen add nothing', async () => {
  const folder = fileURLToPath(new URL('../scanners/', import.meta.url));
  for (const id of readdirSync(folder)) {
    const root = `${folder}${id}/fixtures`;
    if (!existsSync(root)) continue;
    for (const name of readdirSync(root)) {
      const made = ((await import(`${root}/${name}/make.ts`)) as { default: FixtureCase | FixtureCase[] }).default;
      for (const { files } of [made].flat()) {
        for (const [path, content] of Object.entries(files)) {
          const draft = scanned(path, typeof content === 'string' ? Buffer.from(content) : content);
          expect(factFindings(draft, RULES).map(({ rule, key }) => `${id}/${name} ${path}: ${rule} ${key}`)).toEqual([]);
        }
      }
    }
  }
}, 60_000);
