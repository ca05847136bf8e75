import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REPORTERS } from '../src/reporters/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/cli.js');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Flags the command line has, read from where it declares them. */
const FLAGS = new Set([...read('src/cli/main.ts').matchAll(/ption\(\s*'(?:-\w, )?(--[a-z-]+)/g)].map(([, flag]) => flag));

interface Step {
  readonly id?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
}
interface GitlabJob {
  readonly script: readonly string[];
  readonly artifacts: { readonly reports: Readonly<Record<string, string>>; readonly paths: readonly string[] };
}

const action = parse(read('action.yml')) as Action;
const gitlab = parse(read('deploy/gitlab/cordon.gitlab-ci.yml')) as { readonly cordon: GitlabJob };
const [hook] = parse(read('.pre-commit-hooks.yaml')) as Hook[];
const [step] = action.runs.steps;

describe('every flag and format that is used exists', () => {
  test.each([
    ['action.yml', step?.run ?? ''],
    ['gitlab', gitlab.cordon.script.join('\n')],
    ['docs/ci.md', read('docs/ci.md')],
  ])('%s', (_name, text) => {
    const used = [...text.matchAll(/(?<=^|[\s(`])--[a-z][a-z-]+/gm)].map(([flag]) => flag).filter((flag) => flag !== '--yes');
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((flag) => !FLAGS.has(flag))).toEqual([]);
    const formats = [...text.matchAll(/--format "?([a-z]+)/g)].map(([, format]) => format);
    expect(formats.filter((format) => !Object.hasOwn(REPORTERS, format ?? ''))).toEqual([]);
  });
});

test('GitLab collects the files that the command writes', () => {
  const written = [...gitlab.cordon.script.join('\n').matchAll(/--format [a-z]+=(\S+)/g)].map(([, file]) => file);
  const collected = [...Object.values(gitlab.cordon.artifacts.reports), ...gitlab.cordon.artifacts.paths];
  expect(collected.toSorted()).toEqual(written.toSorted());
});

test('actions are pinned by commit everywhere', () => {
  for (const text of [read('action.yml'), read('docs/ci.md')]) {
    const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, name]) => name);
    for (const name of uses) expect(name).toMatch(/@([0-9a-f]{40}|COMMIT)$/);
  }
  expect(action.runs.steps.every((one) => one.uses === undefined)).toBe(true);
});

test('the pre-commit hook names an executable file and looks at models only', () => {
  expect(statSync(join(root, hook?.entry ?? '')).mode & 0o111).not.toBe(0);
  expect(read(hook?.entry ?? '')).toMatch(/^#!\/usr\/bin\/env node\n/);
  // Python's verbose, case-insensitive syntax, as pre-commit reads it.
  const files = new RegExp((hook?.files ?? '').replace('(?xi)', '').replaceAll(/\s/g, ''), 'i');
  for (const path of ['a/model.pt', 'x.PKL', 'm/config.json', 'a.safetensors', 'mlruns/MLmodel', 'm/chat_template.jinja'])
    expect(path).toMatch(files);
  for (const path of ['README.md', 'src/a.ts', 'package.json', 'tsconfig.json', 'a.pt.txt']) expect(path).not.toMatch(files);
});

describe('the script of the action', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-action-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('takes every input through the environment, never through an expression in the script', () => {
    expect(action.runs.using).toBe('composite');
    expect(step?.run).not.toContain('${{');
    const used = Object.values(step?.env ?? {}).map((value) => /^\$\{\{ inputs\.([a-z]+) \}\}$/.exec(value)?.[1]);
    expect(used.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    for (const { value } of Object.values(action.outputs)) expect(value).toMatch(/^\$\{\{ steps\.scan\.outputs\.[a-z-]+ \}\}$/);
  });

  /** Runs the step the way a runner does, with inputs at their defaults unless given. */
  function run(inputs: Readonly<Record<string, string>>) {
    const temp = mkdtempSync(join(folder, 'run-'));
    const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
    for (const file of Object.values(files)) writeFileSync(file, '');
    mkdirSync(join(temp, 'tmp'));
    const given = Object.fromEntries(
      Object.entries(step?.env ?? {}).map(([name, expression]) => {
        const input = /inputs\.([a-z]+)/.exec(expression)?.[1] ?? '';
        return [name, inputs[input] ?? action.inputs[input]?.default ?? ''];
      }),
    );
    const env = { PATH: process.env['PATH'], HOME: temp, RUNNER_TEMP: join(temp, 'tmp'), GITHUB_ACTION_PATH: root, ...files, ...given };
    const result = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step?.run ?? ''], {
      cwd: temp,
      env,
      encoding: 'utf8',
    });
    const outputs = Object.fromEntries(
      readFileSync(files.GITHUB_OUTPUT, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2)),
    ) as Record<string, string>;
    return { ...result, temp, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
  }

  /** A pickle that would run `true` if anybody loaded it. */
  const pickle = join(folder, 'bad.pkl');
  writeFileSync(pickle, "cposix\nsystem\n(S'true'\ntR.");
  const harmless = join(folder, 'good.json');
  writeFileSync(harmless, '{}');

  describe.skipIf(!existsSync(cli))('with the built command line', () => {
    const command = `${process.execPath} ${cli}`;

    test('denies, writes summary, SARIF and outputs', () => {
      const { status, stdout, outputs, summary, temp } = run({ path: pickle, command, formats: 'junit=cordon.xml' });
      expect(status).toBe(1);
      expect(outputs).toMatchObject({ 'exit-code': '1', verdict: 'blocked', effect: 'deny', completeness: 'complete' });
      expect(summary).toContain('Cordon: BLOCKED');
      expect(stdout).toMatch(/^::stop-commands::([0-9a-f]{32})\n[^]*BLOCKED[^]*\n::\1::\n$/);
      expect(existsSync(join(temp, 'cordon.sarif'))).toBe(true);
      expect(existsSync(join(temp, 'cordon.xml'))).toBe(true);
      expect(existsSync(outputs['report'] ?? '')).toBe(true);
    });

    test('reports without failing when asked to', () => {
      expect(run({ path: pickle, command, fail: 'false' })).toMatchObject({ status: 0, outputs: { 'exit-code': '1', effect: 'deny' } });
    });

    test('allows, several paths, without SARIF and summary', () => {
      const { status, outputs, summary, temp } = run({ path: `${harmless}\n\n${harmless}\n`, command, sarif: '', summary: 'false' });
      expect({ status, effect: outputs['effect'], summary }).toEqual({ status: 0, effect: 'allow', summary: '' });
      expect(existsSync(join(temp, 'cordon.sarif'))).toBe(false);
    });

    test('a wrong call fails, whatever is asked', () => {
      expect(run({ path: pickle, command, gate: 'no-such-gate', fail: 'false' }).status).toBe(3);
    });

    test('an input is never run', () => {
      const trap = join(folder, 'trap');
      run({ path: `$(touch ${trap})`, gate: `ci; touch ${trap}`, command });
      expect(existsSync(trap)).toBe(false);
    });
  });
});
