import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Budget, Limits } from '../../src/core/budget.ts';
import type { Format } from '../../src/core/format.ts';
import { fileScanner } from '../../src/core/plugin.ts';
import { inspectFile } from '../../src/engine/inspect-file.ts';
import { bufferSource } from '../../src/formats/bytes/source.ts';
import { FILE_SCANNERS } from '../../src/scanners/index.ts';
import type { FixtureCase } from '../fixture-case.ts';

/** A file to damage: a fixture, or a member of one. */
export interface Seed {
  /** Scanner whose fixture it is. */
  readonly scanner: string;
  readonly name: string;
  /** Where it lies in its fixture: scanners look at names too. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly format: Format;
  /** What it contains, by name, when it is a container. */
  readonly members: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const SCANNERS = fileURLToPath(new URL('../../src/scanners/', import.meta.url));
/** Why: a damaged large file says nothing that a damaged small one does not, and takes longer. */
const MAX_MEMBER = 256 * 1024;

/** Every case of every scanner. */
export async function fixtureCases(): Promise<{ scanner: string; fixture: FixtureCase }[]> {
  const folders = readdirSync(SCANNERS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${SCANNERS}${entry.name}/fixtures`))
    .flatMap(({ name }) => readdirSync(`${SCANNERS}${name}/fixtures`).map((folder) => ({ scanner: name, folder })));
  const loaded = await Promise.all(
    folders.map(async ({ scanner, folder }) => {
      const module = (await import(`${SCANNERS}${scanner}/fixtures/${folder}/make.ts`)) as { default: FixtureCase | FixtureCase[] };
      return [module.default].flat().map((fixture) => ({ scanner, fixture }));
    }),
  );
  return loaded.flat();
}

/** Every file of every fixture. */
export async function fixtureFiles(): Promise<Seed[]> {
  return (await fixtureCases()).flatMap(({ scanner, fixture }) =>
    Object.entries(fixture.files).map(([path, content]) =>
      seedOf(scanner, fixture.name, path, typeof content === 'string' ? Buffer.from(content) : content),
    ),
  );
}

/** Fixture files and what they contain, each once, so that inner formats are damaged behind an intact checksum. */
export async function corpus(): Promise<Seed[]> {
  const known = new Set<string>();
  const all = (await fixtureFiles()).flatMap((seed) => [
    seed,
    ...seed.members.map(({ name, bytes }) => seedOf(seed.scanner, seed.name, name.replaceAll('\0', ''), bytes)),
  ]);
  return all.filter(({ path, bytes }) => {
    const key = `${path}\n${Buffer.from(bytes).toString('latin1')}`;
    return !known.has(key) && known.add(key);
  });
}

function seedOf(scanner: string, name: string, path: string, content: Uint8Array): Seed {
  const bytes = new Uint8Array(content);
  const members: { name: string; bytes: Uint8Array }[] = [];
  const recorder = fileScanner({
    id: 'recorder',
    title: 'Records members',
    rules: [],
    accepts: (subject) => subject.members.length === 1,
    *inspect(subject) {
      if (subject.source.size <= MAX_MEMBER) members.push({ name: subject.name, bytes: subject.source.read(0, MAX_MEMBER).slice() });
    },
  });
  const { format } = inspectFile(path, bufferSource(bytes), [...FILE_SCANNERS, recorder], new Budget(Limits.parse({})));
  return { scanner, name, path, bytes, format, members };
}
