import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Report } from '../src/core/report.ts';
import { bytes, op, pickle, runsId, stackGlobal, text } from './pickle-assembler.ts';
import { CLI, cordon, removeTemporary, runProgram, scanReport, temporaryFolder } from './run-cli.ts';

afterAll(removeTemporary);

const clean = pickle(text('harmless'));
const evil = pickle(runsId);
const evilToo = pickle(bytes(stackGlobal('builtins', 'eval'), text('1'), op.tuple1, op.reduce));

function put(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const models = put({ 'good.pkl': clean, 'evil.pkl': evil });

describe('help and mistakes', () => {
  test('help names every command, version is a version', async () => {
    const { stdout, stderr, code } = await cordon(['--help']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    for (const command of ['scan', 'explain', 'rules', 'policy', 'convert']) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect((await cordon(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ['a command', ['scna', 'x'], /Did you mean scan\?/],
    ['an option', ['scan', 'x', '--formt', 'json'], /Did you mean --format\?/],
    ['a format', ['scan', models, '--format', 'jsn'], /unknown format "jsn"; known: .*json/],
    ['a gate', ['scan', models, '--gate', 'strct'], /strct/],
    ['a rule', ['explain', 'pickle.dangerous-cal'], /did you mean "pickle\.dangerous-call"\?/],
    ['no path', ['scan'], /missing required argument 'path'/],
    ['two reports for standard output', ['scan', models, '-f', 'json', '-f', 'sarif'], /only one --format can go to standard output/],
    ['jobs', ['scan', models, '--jobs', 'many'], /give a number from 1 to 256/],
    ['a baseline that is none', ['scan', models, '--baseline', join(models, 'good.pkl')], /is not JSON/],
  ])('%s', async (_name, args, expected) => {
    const { code, stdout, stderr } = await cordon(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('without a command it says what there is', async () => {
    const { code, stdout, stderr } = await cordon([]);
    expect(`${stdout}${stderr}`).toContain('Usage: cordon');
    expect([0, 3]).toContain(code);
  });
});

describe('reports', () => {
  test('several formats in one run: one on standard output, the others in files', async () => {
    const out = temporaryFolder();
    const { code, stdout, stderr } = await cordon(
      ['scan', models, '-f', 'json=r.json', '-f', 'sarif=r.sarif', '-f', 'junit=r.xml', '-f', 'html=r.html', '-f', 'markdown'],
      { cwd: out },
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('evil.pkl');
    expect(readdirSync(out).toSorted()).toEqual(['r.html', 'r.json', 'r.sarif', 'r.xml']);
    expect(Report.parse(JSON.parse(readFileSync(join(out, 'r.json'), 'utf8'))).verdict).toBe('blocked');
    expect(JSON.parse(readFileSync(join(out, 'r.sarif'), 'utf8'))).toHaveProperty('version', '2.1.0');
  });

  test('--output replaces a file, follows a link, and leaves no draft behind', async () => {
    const out = put({ 'old.json': 'old', 'target.json': 'old' });
    symlinkSync('target.json', join(out, 'link.json'));
    for (const name of ['old.json', 'link.json', 'new.json']) {
      const { code, stdout } = await cordon(['scan', models, '-f', 'json', '-o', name], { cwd: out });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(JSON.parse(readFileSync(join(out, name), 'utf8'))).toHaveProperty('schema', 'cordon/report/1');
    }
    expect(readdirSync(out).toSorted()).toEqual(['link.json', 'new.json', 'old.json', 'target.json']);
    expect(JSON.parse(readFileSync(join(out, 'target.json'), 'utf8'))).toHaveProperty('schema', 'cordon/report/1');
  });

  test.skipIf(!existsSync('/dev/null'))('--output does not replace a device', async () => {
    expect((await cordon(['scan', models, '-f', 'json', '-o', '/dev/null'])).code).toBe(1);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('no colour and no progress unless it is a terminal', async () => {
    for (const env of [{}, { NO_COLOR: '1' }, { FORCE_COLOR: '1' }]) {
      const { stdout, stderr } = await cordon(['scan', models], { env });
      expect(stderr).toBe('');
      expect(stdout).not.toContain('\u001b');
    }
  });

  test('on a terminal there is colour, unless NO_COLOR says otherwise', async (context) => {
    const env = { PATH: process.env['PATH'], HOME: temporaryFolder(), TERM: 'xterm' };
    const command = `'${process.execPath}' '${CLI}' scan '${models}'`;
    const run = (more: object) => runProgram('script', ['-qec', command, '/dev/null'], { env: { ...env, ...more } });
    const coloured = await run({}).catch(() => undefined);
    if (coloured === undefined || !coloured.stdout.includes('evil.pkl')) {
      console.warn('SKIPPED: colour on a terminal, because the program `script` is not there to make one.');
      return context.skip();
    }
    expect(coloured.stdout).toContain('\u001b[3');
    expect((await run({ NO_COLOR: '1' })).stdout).not.toContain('\u001b[3');
    return undefined;
  });

  test('paths are relative to the scanned folder, and with several paths to where they were named', async () => {
    const parent = put({ 'a/m.pkl': clean, 'b/m.pkl': clean });
    const paths = async (...args: string[]) => (await scanReport(args, { cwd: parent })).report.artifacts.map(({ path }) => path);
    expect(await paths('a')).toEqual(['m.pkl']);
    expect(await paths('a/m.pkl')).toEqual(['m.pkl']);
    expect(await paths('a', './b/')).toEqual(['a/m.pkl', 'b/m.pkl']);
    expect(await paths('.', 'a', 'a/m.pkl')).toEqual(['a/m.pkl', 'b/m.pkl']);
  });
});

describe('baseline', () => {
  test('new, unchanged and fixed, from a report and from a baseline file', async () => {
    const folder = put({ 'one.pkl': evil, 'two.pkl': evilToo });
    const out = temporaryFolder();
    const [report, file] = [join(out, 'report.json'), join(out, 'baseline.json')];
    expect((await cordon(['scan', folder, '-f', 'json', '-o', report, '--write-baseline', file])).code).toBe(1);
    writeFileSync(join(folder, 'two.pkl'), clean);
    writeFileSync(join(folder, 'three.pkl'), pickle(bytes(stackGlobal('builtins', 'exec'), text('1'), op.tuple1, op.reduce)));
    for (const baseline of [report, file]) {
      const { report: next } = await scanReport([folder, '--baseline', baseline]);
      expect(next.findings.map(({ location, baseline: state }) => [location.path, state]).toSorted()).toEqual([
        ['one.pkl', 'unchanged'],
        ['three.pkl', 'new'],
      ]);
      expect(next.baseline).toMatchObject({ new: 1, unchanged: 1, fixed: [{ path: 'two.pkl' }] });
    }
  });

  test('a renamed file keeps its findings', async () => {
    const folder = put({ 'one.pkl': evil });
    const file = join(temporaryFolder(), 'baseline.json');
    await cordon(['scan', folder, '--write-baseline', file]);
    writeFileSync(join(folder, 'renamed.pkl'), evil);
    writeFileSync(join(folder, 'one.pkl'), clean);
    const { report } = await scanReport([folder, '--baseline', file]);
    expect(report.baseline).toEqual({ new: 0, unchanged: 1, fixed: [] });
  });
});

describe('gates and waivers', () => {
  const unusual = pickle(stackGlobal('some_package.models', 'Thing'));

  test('strict denies what ci only warns of', async () => {
    const folder = put({ 'unknown.pkl': unusual });
    const { report } = await scanReport([folder]);
    expect(report.verdict).toBe('review');
    expect(report.gate.effect).toBe('warn');
    expect((await scanReport([folder])).code).toBe(0);
    expect((await scanReport([folder, '--gate', 'strict'])).code).toBe(1);
  });

  test('a policy that is wrong is told with line and column', async () => {
    const file = join(put({ 'cordon.yaml': 'gates:\n  ci:\n    denny: []\n' }), 'cordon.yaml');
    const { code, stderr } = await cordon(['scan', models, '--policy', file]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/cordon\.yaml:3:5.*"denny".*did you mean "deny"\?/s);
    const broken = join(put({ 'cordon.yaml': 'gates: [\n' }), 'cordon.yaml');
    expect((await cordon(['scan', models, '--policy', broken])).stderr).toMatch(/cordon\.yaml:\d+:\d+/);
  });

  const waiver = (fields: object) =>
    join(
      put({
        'cordon.yaml': JSON.stringify({
          waivers: [{ id: 'known', rule: 'pickle.*', path: 'evil.pkl', reason: 'reviewed', owner: 'ml-team', ...fields }],
        }),
      }),
      'cordon.yaml',
    );
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

  test('an active waiver lets the file pass and stays in the report', async () => {
    const { report, code } = await scanReport([models, '--policy', waiver({ expires: day(60) })]);
    expect(code).toBe(0);
    expect(report.findings).toEqual([
      expect.objectContaining({ suppressed: expect.objectContaining({ waiver: 'known', owner: 'ml-team' }) }),
    ]);
    expect(report.waivers).toEqual([expect.objectContaining({ id: 'known', status: 'active' })]);
    expect(report.stats.suppressed).toBe(1);
  });

  test('an expired one does not, and says so', async () => {
    const { report, code } = await scanReport([models, '--policy', waiver({ expires: day(-1) })]);
    expect(code).toBe(1);
    expect(report.waivers).toEqual([expect.objectContaining({ status: 'expired' })]);
    expect(report.gate.reasons.map(({ id }) => id)).toContain('waiver-expired');
  });

  test('one that covers nothing is a warning', async () => {
    const { report, code } = await scanReport([join(models, 'good.pkl'), '--policy', waiver({ expires: day(60) })]);
    expect(code).toBe(0);
    expect(report.waivers).toEqual([expect.objectContaining({ status: 'unmatched' })]);
    expect(report.gate.reasons).toEqual([expect.objectContaining({ id: 'waiver-unmatched', effect: 'warn' })]);
  });
});

describe('configuration', () => {
  const config = JSON.stringify({ gates: { ci: { warn: [], deny: [] } } });

  test('inside the scanned folder it is ignored, with a hint, unless its author is trusted', async () => {
    const folder = put({ 'evil.pkl': evil, 'cordon.yaml': config });
    const ignored = await scanReport([folder]);
    expect(ignored.code).toBe(1);
    expect(ignored.stderr).toMatch(/^cordon: \S*cordon\.yaml lies inside what is scanned and was ignored; .*--allow-tree-config.*\n$/);
    const trusted = await scanReport([folder, '--allow-tree-config']);
    expect({ code: trusted.code, stderr: trusted.stderr }).toEqual({ code: 0, stderr: '' });
    const named = await scanReport([folder, '--policy', join(folder, 'cordon.yaml')]);
    expect({ code: named.code, stderr: named.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('in the working directory it counts, unless that is scanned, also by a link or from above', async () => {
    const folder = put({ 'models/evil.pkl': evil, 'cordon.yaml': config });
    symlinkSync('.', join(folder, 'link'));
    const run = async (...args: string[]) => {
      const { code, stderr } = await scanReport(args, { cwd: folder });
      return [code, stderr.includes('was ignored')];
    };
    expect(await run('models')).toEqual([0, false]);
    expect(await run('.')).toEqual([1, true]);
    expect(await run('link')).toEqual([1, true]);
    expect(await run('..//' + folder.split('/').at(-1))).toEqual([1, true]);
  });
});

describe('rules and explain', () => {
  test('every rule is listed and explained', async () => {
    const { stdout } = await cordon(['rules']);
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(line).toMatch(/^[a-z0-9-]+\.[a-z0-9-]+ +(critical|high|medium|low|info) +\S/);
    const rules = JSON.parse((await cordon(['rules', '--json'])).stdout) as { id: string }[];
    expect(rules.map(({ id }) => id)).toEqual(lines.map((line) => line.split(' ')[0]));
    const { stdout: explained } = await cordon(['explain', 'pickle.dangerous-call']);
    expect(explained).toMatch(/^pickle\.dangerous-call \(critical\)\n[^]*Why: [^]*Fix: /);
  });

  test('the inputs that made a gate entry fire', async () => {
    const file = join(temporaryFolder(), 'report.json');
    await cordon(['scan', models, '-f', 'json', '-o', file]);
    const { stdout, code } = await cordon(['explain', '--report', file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/gate ci decides: deny[^]*findings\[0\][^]*evil\.pkl/);
  });
});
