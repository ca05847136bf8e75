/** Bundles the command line, the SDK and the worker into dist/, with types and the report schema. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Digest over everything that ends up in dist/: tells whether it is stale, and separates cached results of different builds. */
export function sourceDigest() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs', ...sourcesBelow('src')]) {
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** Folders and files whose code decides what a scan finds; see `ruleSetDigest`. */
const SCANNER_SOURCES = ['src/scanners', 'src/formats', 'src/patterns'];
const SCANNER_FILES = ['budget', 'plugin', 'subject', 'severity', 'verdict', 'spdx-licence'].map((name) => `src/core/${name}.ts`);
const INSPECTION = ['inspect-file', 'inspect-tree', 'findings', 'fingerprint', 'drafts', 'worst-kept'].map(
  (name) => `src/engine/${name}.ts`,
);

/** Digest over the scanners and parsers: a release that leaves them alone leaves what they said of stored files valid. */
function scannerDigest() {
  const hash = createHash('sha256');
  for (const file of [...SCANNER_SOURCES.flatMap(sourcesBelow), ...SCANNER_FILES, ...INSPECTION])
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function sourcesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|json|bin)$/.test(name) && !/\.test\.ts$|[\\/]fixtures[\\/]/.test(name))
    .sort();
}

/** True when dist/ is missing or was made from other sources. */
export function isStale() {
  try {
    return readFileSync(join(root, 'dist/build.txt'), 'utf8') !== sourceDigest();
  } catch {
    return true;
  }
}

/**
 * Builds dist/ afresh. `types` also writes declarations, which only the published package needs. Why in a folder of its own
 * that then takes the place: whoever runs dist/ meanwhile has the old one or the new one, never half of it.
 */
export async function build({ types = true } = {}) {
  const { build: bundle } = await import('esbuild');
  const digest = sourceDigest();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = `dist.${process.pid}`;
  const made = join(root, folder);
  await bundle({
    absWorkingDir: root,
    entryPoints: {
      cli: 'src/cli/main.ts',
      index: 'src/index.ts',
      worker: 'src/engine/worker.ts',
      'audit-worker': 'src/engine/gateway/audit/drain-worker.ts',
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    // Why: V8 keeps the source of everything that is loaded, comments included.
    minifyWhitespace: true,
    lineLimit: 160,
    // Why: native code finds its own files beside its own package.
    external: ['@photostructure/sqlite', 'pg-native'],
    legalComments: 'linked',
    chunkNames: 'chunk-[name]-[hash]',
    logLevel: 'warning',
    define: {
      CORDON_VERSION: JSON.stringify(version),
      CORDON_BUILD: JSON.stringify(digest),
      CORDON_SCANNERS: JSON.stringify(scannerDigest()),
    },
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  });
  for (const name of readdirSync(made)) if (name.endsWith('.js')) toAscii(join(made, name));
  copyFileSync(join(root, 'src/patterns/classifier/weights.bin'), join(made, 'classifier-weights.bin'));
  const { configJsonSchema, reportJsonSchema } = await import(join(made, `index.js?${digest}`));
  writeFileSync(join(made, 'report.schema.json'), `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
  writeFileSync(join(made, 'config.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  if (types)
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.types.json', '--outDir', join(made, 'types')],
      {
        cwd: root,
        stdio: 'inherit',
      },
    );
  writeFileSync(join(made, 'build.txt'), digest);
  takePlace(made, join(root, 'dist'));
}

/**
 * Writes what is left beyond ASCII as escapes: esbuild does so everywhere but in literal regular expressions, which mean the same with
 * them. Why: one such letter makes V8 keep the whole file with two bytes for each character.
 */
function toAscii(file) {
  const text = readFileSync(file, 'utf8');
  const escaped = text.replace(/(\\*)([^\x00-\x7f])/g, (_, before, unit) => {
    // Why one less: a backslash that escapes the letter is that of the escape now.
    const slashes = before.length % 2 === 1 ? before.slice(1) : before;
    return `${slashes}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  if (escaped !== text) writeFileSync(file, escaped);
}

function takePlace(made, place) {
  const former = `${made}.old`;
  if (existsSync(place)) renameSync(place, former);
  renameSync(made, place);
  rmSync(former, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
