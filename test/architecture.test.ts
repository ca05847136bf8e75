import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { removeTemporary, temporaryFolder } from './run-cli.ts';

afterAll(removeTemporary);

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Floors of the house: a folder imports lower floors only, and folders on one floor never import each other. */
const FLOORS = [
  ['core'],
  ['formats', 'patterns', 'store', 'vault', 'controls'],
  ['scanners', 'detectors', 'attacks', 'reporters', 'policy', 'evidence', 'identity'],
  ['engine'],
  ['registry', 'gateway', 'datasets', 'monitor', 'govern'],
  ['server', 'cli'],
] as const;

const floorOf = new Map<string, number>(FLOORS.flatMap((folders, floor) => folders.map((folder) => [folder, floor] as const)));
const existing = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

function isAllowed(from: string, to: string): boolean {
  // Why the exception: both compose, and the command line is what starts the server.
  if (from === 'cli' && to === 'server') return true;
  return (floorOf.get(from) ?? 0) > (floorOf.get(to) ?? 0);
}

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

/** Lints a tree of the given files with the rules of this repository; answers which files break which rule. */
function lint(files: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const folder = temporaryFolder();
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--format', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not answer: ${stdout}${stderr}`);
  const broken = new Map<string, string[]>();
  for (const { code, filename } of (JSON.parse(stdout) as Report).diagnostics)
    broken.set(filename, [...(broken.get(filename) ?? []), code]);
  return broken;
}

const IMPORTS = 'eslint(no-restricted-imports)';
const others = [...floorOf.keys()];
/** A seeded import, with and without `import type`, from the top of a folder and from deep inside. */
const seeds = existing.flatMap((from) =>
  others.flatMap((to) =>
    to === from
      ? []
      : [
          { from, to, path: `src/${from}/to-${to}.ts`, content: `import { x } from '../${to}/x.ts';\nexport const y = x;\n` },
          {
            from,
            to,
            path: `src/${from}/deep/to-${to}.ts`,
            content: `import type { X } from '../../${to}/deep/x.ts';\nexport type Y = X;\n`,
          },
        ],
  ),
);

describe('the linter knows the floors', () => {
  const broken = lint(Object.fromEntries(seeds.map(({ path, content }) => [path, content])));

  test('every folder of src has a floor', () => {
    expect(existing.filter((folder) => !floorOf.has(folder))).toEqual([]);
  });

  test.each(existing)('%s may not import what is above it or beside it', (folder) => {
    const missed = seeds.filter(({ from, to, path }) => from === folder && !isAllowed(from, to) && !broken.get(path)?.includes(IMPORTS));
    expect(missed.map(({ from, to, path }) => `${from} -> ${to} (${path})`)).toEqual([]);
  });

  test.each(existing)('%s may import what is below it', (folder) => {
    const refused = seeds.filter(({ from, to, path }) => from === folder && isAllowed(from, to) && broken.get(path)?.includes(IMPORTS));
    expect(refused.map(({ from, to, path }) => `${from} -> ${to} (${path})`)).toEqual([]);
  });

  test('core imports zod and itself, and nothing of Node', () => {
    const found = lint({
      'src/core/a.ts': "import { z } from 'zod';\nimport { b } from './b.ts';\nexport const a = [z, b];\n",
      'src/core/b.ts': "import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n",
      'src/core/c.ts': "import { parse } from 'yaml';\nexport const c = parse;\n",
    });
    expect(['a', 'b', 'c'].map((name) => found.get(`src/core/${name}.ts`)?.includes(IMPORTS) ?? false)).toEqual([false, true, true]);
  });

  test('scanners do not import each other', () => {
    const sources = filesBelow('src/scanners').filter((path) => !/\.test\.ts$|\/fixtures\//.test(path) && path.split('/').length > 3);
    const crossing = sources.flatMap((path) =>
      [...read(path).matchAll(/from '(\.[^']+)'/g)]
        .map(([, target = '']) => join(dirname(path), target))
        .filter((target) => target.startsWith('src/scanners/') && target.split('/')[2] !== path.split('/')[2])
        .map((target) => `${path} -> ${target}`),
    );
    expect(crossing).toEqual([]);
  });
});

test('the linter refuses long files and other names', () => {
  const broken = lint({
    'src/core/long.ts': `${'export {};\n'.repeat(401)}`,
    'src/core/fits.ts': `export const fits = [\n${'  1,\n'.repeat(398)}];\n`,
    'src/core/CamelCase.ts': 'export const a = 1;\n',
    'src/core/snake_case.ts': 'export const a = 1;\n',
  });
  expect(broken.get('src/core/long.ts')).toContain('eslint(max-lines)');
  expect(broken.get('src/core/fits.ts')).toBeUndefined();
  for (const path of ['src/core/CamelCase.ts', 'src/core/snake_case.ts']) expect(broken.get(path)).toContain('unicorn(filename-case)');
});

test('files are short, and named in lower case with hyphens', () => {
  const sources = filesBelow('src');
  expect(sources.length).toBeGreaterThan(100);
  const lengths = sources.filter((path) => path.endsWith('.ts')).map((path) => [path, read(path).split('\n').length - 1] as const);
  expect(lengths.filter(([, length]) => length > 400)).toEqual([]);
  expect(sources.filter((path) => path.endsWith('.ts') && !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(basename(path)))).toEqual([]);
  expect(sources.filter((path) => /(^|\/)(utils?|helpers?|types|misc|common)(\.ts|\/)/.test(path))).toEqual([]);
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}
