/** Writes the pages of docs/ that are made from code; with `--check` only says which are stale, and fails. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorPage } from './docs/error-page.ts';
import { rulePages } from './docs/rule-pages.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(join(docs, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Pages of scanners that are no more. */
function leftovers(pages: ReadonlyMap<string, string>): string[] {
  try {
    return readdirSync(join(docs, 'rules'))
      .map((name) => `rules/${name}`)
      .filter((path) => !pages.has(path));
  } catch {
    return [];
  }
}

const pages = rulePages().set('errors.md', errorPage());
const stale = [...pages].filter(([path, content]) => contentOf(path) !== content);
const obsolete = leftovers(pages);

if (process.argv.includes('--check')) {
  for (const path of [...stale.map(([page]) => page), ...obsolete]) process.stderr.write(`stale: docs/${path}\n`);
  if (stale.length + obsolete.length > 0) {
    process.stderr.write('run npm run docs\n');
    process.exitCode = 1;
  }
} else {
  for (const [path, content] of stale) {
    mkdirSync(dirname(join(docs, path)), { recursive: true });
    writeFileSync(join(docs, path), content);
  }
  for (const path of obsolete) rmSync(join(docs, path));
  process.stdout.write(`${stale.length} written, ${obsolete.length} removed, ${pages.size - stale.length} unchanged\n`);
}
