import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../src/core/report.ts';
import { crookedZip } from './makers/crooked-zip.ts';
import { storedZip } from './makers/stored-zip.ts';
import { bytes, op, pickle, proto, runsId, text, u64 } from './pickle-assembler.ts';
import { CLI, cordon, removeTemporary, runProgram, scanReport, temporaryFolder } from './run-cli.ts';

afterAll(removeTemporary);

const MIB = 1024 * 1024;
const schema = JSON.parse(readFileSync(fileURLToPath(new URL('../dist/report.schema.json', import.meta.url)), 'utf8')) as object;
const isReport = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

/** What a report says of one path: completeness and rules. */
function said(report: Report, path: string): string {
  const artifact = report.artifacts.find((one) => one.path === path);
  const rules = new Set(report.findings.filter((finding) => finding.location.path === path).map((finding) => finding.rule));
  return artifact === undefined ? 'no entry' : [artifact.completeness, ...[...rules].toSorted()].join(' ');
}

/** A policy file with low limits. */
function limits(given: Readonly<Record<string, number>>): string {
  const file = join(temporaryFolder(), 'cordon.yaml');
  writeFileSync(file, JSON.stringify({ limits: given }));
  return file;
}

function put(folder: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const clean = pickle(text('harmless'));
const evil = pickle(runsId);
/** Bytes of a fixed generator: no format begins like this. */
const random = Uint8Array.from({ length: 50_000 }, (_unused, index) => (Math.imul(index + 7, 2_654_435_761) >>> 13) & 0xff);

describe('one folder of bad files', () => {
  const folder = temporaryFolder();
  let report: Report;
  let code: number | null;

  beforeAll(async () => {
    put(folder, {
      'good.pkl': clean,
      'evil.pkl': evil,
      'empty.pkl': '',
      'random.bin': random,
      'truncated.pkl': clean.subarray(0, clean.length - 3),
      'truncated.zip': storedZip({ a: 'x', 'data.pkl': clean }).subarray(0, 40),
      'truncated.gz': gzipSync(clean).subarray(0, 15),
      'cyclic.pkl': pickle(op.emptyList, op.memoize, 'h\x00', op.append),
      'deep.pkl': bytes(proto(4), '('.repeat(200_000), 't'.repeat(200_000), op.stop),
      'nested-lists.json': `${'['.repeat(100_000)}1${']'.repeat(100_000)}`,
      'long.pkl': bytes(proto(4), '\x8e', u64(2n ** 63n - 1n), 'short'),
      'long.safetensors': bytes(u64(2n ** 63n - 1n), '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'),
      'long.npy': bytes(
        '\x93NUMPY\x01\x00v\x00',
        `{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 9), }`.padEnd(117),
        '\n',
      ),
      'long.gguf': bytes('GGUF', '\x03\0\0\0', u64(2n ** 63n), u64(2n ** 63n)),
      'long.zip': crookedZip([{ name: 'a', content: 'x', claims: { size: 0xffff_fffe, compressedSize: 0xffff_fffe } }]),
      'name\nwith\u001b[31mcolour\u202e.pkl': evil,
      [`${'n'.repeat(251)}.pkl`]: clean,
    });
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/not-utf8-`), Buffer.of(0xff, 0xfe)]), evil);
    execFileSync('mkfifo', [join(folder, 'pipe.pkl')]);
    symlinkSync('/dev/zero', join(folder, 'zero.pkl'));
    symlinkSync('loop.pkl', join(folder, 'loop.pkl'));
    symlinkSync('/etc/passwd', join(folder, 'outside.pkl'));
    symlinkSync('evil.pkl', join(folder, 'inside.pkl'));
    symlinkSync('gone.pkl', join(folder, 'dangling.pkl'));
    symlinkSync('.', join(folder, 'cycle'));
    const server = createServer().listen(join(folder, 'socket'));
    await once(server, 'listening');
    ({ report, code } = await scanReport([folder]));
    server.close();
  });

  test.each([
    ['good.pkl', 'complete'],
    ['evil.pkl', 'complete pickle.dangerous-call'],
    ['empty.pkl', /^complete/],
    ['random.bin', 'complete'],
    ['truncated.pkl', /^inconclusive /],
    ['truncated.zip', 'inconclusive zip.broken-directory zip.gap zip.hidden-member'],
    ['truncated.gz', /^inconclusive /],
    ['cyclic.pkl', /^complete/],
    ['deep.pkl', /^(complete|inconclusive)/],
    ['nested-lists.json', /^(complete|inconclusive)/],
    ['long.pkl', /^inconclusive /],
    ['long.safetensors', /^inconclusive /],
    ['long.npy', 'complete npy.size-mismatch'],
    ['long.gguf', /^inconclusive /],
    ['long.zip', /^inconclusive /],
    ['name\nwith\u001b[31mcolour\u202e.pkl', 'complete pickle.dangerous-call'],
    [`${'n'.repeat(251)}.pkl`, 'complete'],
    [String.raw`not-utf8-\xff\xfe`, /^complete .*pickle\.dangerous-call/],
    ['pipe.pkl', 'not-scanned engine.special-file'],
    ['socket', 'not-scanned engine.special-file'],
    ['zero.pkl', 'not-scanned engine.outside-link'],
    ['loop.pkl', 'not-scanned engine.unreadable'],
    ['outside.pkl', 'not-scanned engine.outside-link'],
    ['inside.pkl', 'complete pickle.dangerous-call'],
    ['dangling.pkl', 'not-scanned engine.unreadable'],
  ])('%j has a clear entry', (path, expected) => {
    if (typeof expected === 'string') expect(said(report, path)).toBe(expected);
    else expect(said(report, path)).toMatch(expected);
  });

  test('nothing else is in the report, nothing names a place outside, no scanner failed', () => {
    expect(report.artifacts).toHaveLength(25);
    expect(JSON.stringify(report)).not.toContain(folder);
    expect(report.findings.filter((finding) => finding.rule === 'engine.scanner-failed')).toEqual([]);
    expect(report.plugins.filter((plugin) => plugin.status === 'failed')).toEqual([]);
  });

  test('the report fits its schema and the gate denies', () => {
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(code).toBe(1);
  });

  test('the same bytes again: with other numbers of workers, without and with a warm cache', async () => {
    const cache = { env: { XDG_CACHE_HOME: temporaryFolder() } };
    const runs = [
      await scanReport([folder, '--jobs', '1', '--no-cache']),
      await scanReport([folder, '--jobs', '4', '--no-cache']),
      await scanReport([folder], cache),
      await scanReport([folder], cache),
    ];
    // The socket is gone by now: it closed with its server.
    expect(runs.map(({ stderr }) => stderr)).toEqual(['', '', '', '']);
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
  });

  test('every format survives it, and the terminal shows no control character', async () => {
    for (const format of ['terminal', 'sarif', 'junit', 'html', 'markdown', 'cyclonedx', 'codequality']) {
      const { code: exit, stdout, stderr } = await cordon(['scan', folder, '--all', '--format', format]);
      expect({ format, exit, stderr }).toEqual({ format, exit: 1, stderr: '' });
      if (format === 'terminal') expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });
});

describe('exit codes', () => {
  const folder = put(temporaryFolder(), { 'good.pkl': clean, 'evil.pkl': evil, 'broken.pkl': clean.subarray(0, 8) });
  test.each([
    ['0: the gate allows', [join(folder, 'good.pkl')], 0],
    ['1: the gate denies', [join(folder, 'evil.pkl')], 1],
    ['2: not read to its end', [join(folder, 'broken.pkl')], 2],
    ['2: missing', [join(folder, 'missing.pkl')], 2],
    ['1 when both', [folder], 1],
    ['0: incomplete, but the gate takes that', [join(folder, 'broken.pkl'), '--gate', 'research'], 0],
    ['3: no path', [], 3],
    ['3: unknown gate', [folder, '--gate', 'nope'], 3],
    ['3: unknown format', [folder, '--format', 'nope'], 3],
    ['3: jobs', [folder, '--jobs', '0'], 3],
    ['3: no policy there', [folder, '--policy', join(folder, 'nope.yaml')], 3],
    ['3: output cannot be written', [join(folder, 'good.pkl'), '--output', join(folder, 'no/such/folder')], 3],
  ])('%s', async (_name, args, expected) => {
    const { code, stderr } = await cordon(['scan', ...args]);
    expect({ code, stderr }).toEqual({ code: expected, stderr: expected === 3 ? expect.stringMatching(/\S/) : '' });
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('files that cannot be read', () => {
  /** A user who may not read everything: this one, or nobody when this one is root. */
  function ordinaryUser(): { command: string; args: string[] } | undefined {
    if (process.getuid?.() !== 0) return { command: process.execPath, args: [CLI] };
    const args = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, CLI];
    try {
      execFileSync('setpriv', [...args, '--version'], { stdio: 'ignore' });
      return { command: 'setpriv', args };
    } catch {
      return undefined;
    }
  }

  test('permission denied', async (context) => {
    const user = ordinaryUser();
    if (user === undefined) {
      console.warn('SKIPPED: permission denied, because root can read everything and setpriv cannot give that up here.');
      return context.skip();
    }
    const folder = put(temporaryFolder(), { 'good.pkl': clean, 'secret.pkl': evil, 'closed/a.pkl': evil });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'secret.pkl'), 0);
    chmodSync(join(folder, 'closed'), 0);
    const { stdout, stderr, code } = await runProgram(user.command, [...user.args, 'scan', folder, '--format', 'json'], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    });
    chmodSync(join(folder, 'closed'), 0o700);
    expect({ stderr, code }).toEqual({ stderr: '', code: 2 });
    const report = JSON.parse(stdout) as Report;
    expect(said(report, 'good.pkl')).toBe('complete');
    expect(said(report, 'secret.pkl')).toBe('not-scanned engine.unreadable');
    expect(said(report, 'closed')).toBe('not-scanned engine.unreadable');
    expect(report.findings.map(({ message }) => message)).toEqual(['permission denied', 'permission denied']);
    return undefined;
  });

  test('files that vanish while they are scanned', async () => {
    const folder = temporaryFolder();
    const names = Array.from({ length: 3_000 }, (_unused, index) => `f${index}.pkl`);
    put(folder, Object.fromEntries(names.map((name) => [name, clean])));
    const child = cordon(['scan', folder, '--format', 'json', '--jobs', '1']);
    const remover = spawn('sh', ['-c', 'sleep 0.2; ls -r | xargs rm -f'], { cwd: folder, stdio: 'ignore' });
    const { stdout, stderr, code } = await child;
    if (remover.exitCode === null) await once(remover, 'exit');
    expect(stderr).toBe('');
    expect([0, 2]).toContain(code);
    const report = JSON.parse(stdout) as Report;
    for (const { path, completeness } of report.artifacts)
      expect(said(report, path)).toBe(completeness === 'complete' ? 'complete' : 'not-scanned engine.unreadable');
    for (const { message } of report.findings) expect(message).toBe('does not exist');
  });
});

test('a tree deeper than a path may be long', async () => {
  const folder = put(temporaryFolder(), { 'evil.pkl': evil });
  const name = 'd'.repeat(200);
  // Step by step: no single path to the deepest folder can be given to the system.
  const steps = `for (let depth = 0; depth < 30; depth++) { fs.mkdirSync('${name}'); process.chdir('${name}'); } fs.writeFileSync('x', '');`;
  execFileSync(process.execPath, ['-e', steps], { cwd: folder });
  const { report, code } = await scanReport([folder]);
  expect(code).toBe(1);
  const unread = report.findings.filter((finding) => finding.rule === 'engine.unreadable');
  expect(unread.map(({ message }) => message)).toEqual(['has a path longer than the system allows']);
});

test('5,000 files', async () => {
  const folder = put(
    temporaryFolder(),
    Object.fromEntries(Array.from({ length: 5_000 }, (_unused, index) => [`${index % 50}/${index}.pkl`, clean])),
  );
  const { report, code } = await scanReport([folder]);
  expect({ code, files: report.stats.files, verdict: report.verdict }).toEqual({ code: 0, files: 5_000, verdict: 'clean' });
});

describe('bombs end at a limit and are never clean', () => {
  const zeros = deflateRawSync(new Uint8Array(64 * MIB), { level: 9 });

  /** Archives in archives, each level 16 times the one below. */
  function nestedBomb(levels: number): Uint8Array {
    let inner: Uint8Array = crookedZip([{ name: 'zeros', content: '', raw: zeros, claims: { method: 8, size: 64 * MIB } }]);
    for (let level = 0; level < levels; level++)
      inner = crookedZip(Array.from({ length: 16 }, (_unused, index) => ({ name: `${index}.zip`, content: inner, deflate: true })));
    return inner;
  }

  /** All members share one compressed stream. */
  function overlappingBomb(): Uint8Array {
    const first = { name: 'f0', content: '', raw: zeros, claims: { method: 8, size: 64 * MIB } };
    const others = Array.from({ length: 2_000 }, (_unused, index) => ({ ...first, name: `f${index + 1}`, sharedWith: 'f0' }));
    return crookedZip([first, ...others]);
  }

  const files: Readonly<Record<string, () => Uint8Array>> = {
    'nested.zip': () => nestedBomb(5),
    'overlapping.zip': overlappingBomb,
    'many-streams.gz': () => Buffer.concat(Array.from({ length: 100 }, () => gzipSync(new Uint8Array(4 * MIB), { level: 9 }))),
    'gzip-of-gzip.gz': () => {
      let inner = new Uint8Array(gzipSync(new Uint8Array(256 * MIB), { level: 9 }));
      for (let level = 0; level < 10; level++) inner = new Uint8Array(gzipSync(inner));
      return inner;
    },
    'memo.pkl': () =>
      bytes(proto(4), op.emptyList, op.memoize, ...Array.from({ length: 200_000 }, () => ['(', 'h\x00', 'h\x00', 'l', '\x94'])),
    'doubling.pkl': () => bytes(proto(4), text('x'), ...Array.from({ length: 100_000 }, () => [op.dup, op.tuple2]), op.stop),
  };

  test.each(Object.entries(files))('%s', async (name, make) => {
    const folder = put(temporaryFolder(), { [name]: make() });
    const policy = limits({ inflatedBytes: 160 * MIB, timeMs: 20_000 });
    const peak = join(temporaryFolder(), 'peak.mjs');
    writeFileSync(peak, `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS));`);
    const { report, stderr, code } = await scanReport([folder, '--policy', policy], { env: { NODE_OPTIONS: `--import=${peak}` } });
    const peakMb = Math.max(...[...stderr.matchAll(/peak (\d+)/g)].map(([, kib]) => Number(kib) / 1024));
    expect(peakMb).toBeLessThan(900);
    expect(report.findings.filter((finding) => finding.rule === 'engine.scanner-failed')).toEqual([]);
    if (!name.endsWith('.pkl')) expect([code, report.completeness]).toEqual([expect.toSatisfy((exit) => exit !== 0), 'inconclusive']);
  });

  test('archives nested beyond the depth limit', async () => {
    let inner = storedZip({ 'data.pkl': evil });
    for (let level = 0; level < 20; level++) inner = storedZip({ 'inner.zip': inner });
    const { report, code } = await scanReport([put(temporaryFolder(), { 'deep.zip': inner })]);
    expect(code).not.toBe(0);
    expect(said(report, 'deep.zip')).toBe('inconclusive engine.limit-reached');
  });
});

describe('a scanner that exceeds its limits is ended; the others go on', () => {
  const slow = bytes(proto(2), ...Array.from({ length: 400_000 }, () => ['c', 'os', '\n', 'x', '\n', '0']), op.stop);
  test('time', async () => {
    const folder = put(temporaryFolder(), { 'good.pkl': clean, 'slow.pkl': slow });
    const { report, code } = await scanReport([folder, '--policy', limits({ timeMs: 1 })]);
    expect(code).not.toBe(0);
    for (const path of ['good.pkl', 'slow.pkl'])
      expect(said(report, path)).toMatch(/^(complete|inconclusive .*engine\.(timeout|limit-reached))/);
    expect(said(report, 'slow.pkl')).toMatch(/^inconclusive/);
  });

  test('heap', async () => {
    const many = Array.from({ length: 60_000 }, (_unused, index) => ({ name: `m${index}`, content: '' }));
    const folder = put(temporaryFolder(), { 'good.pkl': clean, 'many.zip': crookedZip(many) });
    const { report, stderr, signal } = await scanReport([folder, '--policy', limits({ heapMb: 24 })]);
    expect({ stderr, signal }).toEqual({ stderr: '', signal: null });
    expect(said(report, 'many.zip')).toMatch(/^(inconclusive engine\.timeout|complete)/);
    expect(said(report, 'good.pkl')).toBe('complete');
  });
});

describe('output', () => {
  test('a reader that stops early gets no stack trace, and the exit code stays', async () => {
    const folder = put(temporaryFolder(), Object.fromEntries(Array.from({ length: 400 }, (_unused, index) => [`${index}.pkl`, evil])));
    for (const command of ['scan "$1" --format json --no-cache', 'scan "$1" --all', 'rules', 'rules --json']) {
      const script = `set -o pipefail; "$0" "$2" ${command} | head -n 1 >/dev/null; exit \${PIPESTATUS[0]}`;
      const { code, stderr } = await runProgram('bash', ['-c', script, process.execPath, folder, CLI], {
        env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
      });
      expect({ command, code, stderr }).toEqual({ command, code: command.startsWith('scan') ? 1 : 0, stderr: '' });
    }
  });

  test('closed streams are no crash', async () => {
    const folder = put(temporaryFolder(), { 'evil.pkl': evil });
    for (const closed of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-']) {
      const { code, stderr } = await runProgram('bash', ['-c', `"$0" "$2" scan "$1" ${closed}`, process.execPath, folder, CLI], {
        env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
      });
      expect([closed, code, stderr]).toEqual([closed, 1, '']);
    }
  });

  test('a full disk behind standard output is told', async (context) => {
    if (!existsSync('/dev/full')) return context.skip();
    const folder = put(temporaryFolder(), { 'good.pkl': clean });
    const { code, stderr } = await runProgram('bash', ['-c', '"$0" "$2" scan "$1" > /dev/full', process.execPath, folder, CLI], {
      env: { PATH: process.env['PATH'], HOME: temporaryFolder() },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^cordon: cannot write to standard output: .*ENOSPC/);
    return undefined;
  });

  test('is written at once or not at all: 20 scans killed at different moments', async () => {
    const model = bytes(proto(2), ...Array.from({ length: 30_000 }, () => ['c', 'numpy', '\n', 'ndarray', '\n', '0']), 'N.');
    const folder = put(
      temporaryFolder(),
      Object.fromEntries(Array.from({ length: 60 }, (_unused, index) => [`${index}.pkl`, index % 9 === 0 ? evil : model])),
    );
    const cache = { env: { XDG_CACHE_HOME: temporaryFolder() } };
    const output = join(temporaryFolder(), 'report.json');
    const args = ['scan', folder, '--format', 'json', '--output', output];
    const { stdout: expected } = await scanReport([folder, '--no-cache']);
    writeFileSync(output, 'before');
    for (let round = 0; round < 20; round++) {
      const child = spawn(process.execPath, [CLI, ...args], {
        stdio: 'ignore',
        env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...cache.env },
      });
      const ended = once(child, 'exit');
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 60 + round * 35)), ended]);
      child.kill('SIGKILL');
      await ended;
      expect(['before', expected]).toContain(readFileSync(output, 'utf8'));
    }
    const { code } = await cordon(args, cache);
    expect(code).toBe(1);
    expect(readFileSync(output, 'utf8')).toBe(expected);
    expect((await scanReport([folder], cache)).stdout).toBe(expected);
    expect(readdirSync(join(output, '..'))).toContain('report.json');
  });
});
