import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { linkEscapes, pathDanger } from '../../formats/archive/path.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { readTar, type TarEnd, type TarEntry } from '../../formats/tar/entry.ts';
import { TAR_RULES, type TarRuleId } from './rules.ts';

const HARD_LINK = '1';
const SYMBOLIC_LINK = '2';
const DEVICES = '346';
const FILES = '\u000007S';
const STEP = 1024 * 1024;

/** Tar archives: NeMo models, torch before 0.2, data sets, source packages. */
export const tarScanner = fileScanner({
  id: 'tar',
  title: 'Tar archive',
  rules: TAR_RULES,
  accepts: (subject) => subject.format === 'tar',
  *inspect({ source }, context) {
    const names = new Map<string, string>();
    const walk = readTar(source, context.budget);
    let members = 0;
    for (let step = walk.next(); ; step = walk.next()) {
      if (step.done === true) {
        context.fact('archive', { kind: 'tar', members });
        yield* checkEnd(step.value, source, context);
        return;
      }
      members++;
      yield* checkHeader(step.value, names);
      yield* scanContent(step.value, source, context);
    }
  },
});

function* checkHeader(entry: TarEntry, names: Map<string, string>): Generator<Observation<TarRuleId>> {
  const { name, type, linkName } = entry;
  const at = { offset: entry.offset };
  const danger = pathDanger(name);
  if (danger !== undefined) yield { rule: 'tar.path-traversal', key: name, message: `${quote(name)} leads outside (${danger})`, at };
  // A hard link names its target from the root of the archive, a symbolic link from its own folder.
  const escapes = (type === SYMBOLIC_LINK && linkEscapes(name, linkName)) || (type === HARD_LINK && linkEscapes('', linkName));
  if (escapes) {
    const message = `${quote(name)} is a link to ${quote(linkName)}`;
    yield { rule: 'tar.link-outside', key: name, message, at, evidence: { target: linkName.slice(0, 200) } };
  }
  if (DEVICES.includes(type)) yield { rule: 'tar.device', key: name, message: `${quote(name)} is a device or pipe`, at };
  if (!entry.checksumFits) yield { rule: 'tar.bad-checksum', key: name, message: `the header of ${quote(name)} has a wrong checksum`, at };
  const clean = name.replace(/^\.\//, '').replace(/\/$/, '');
  const before = names.get(clean);
  if (before !== undefined && !(before === '5' && type === '5')) {
    yield { rule: 'tar.duplicate-name', key: clean, message: `${quote(clean)} is there more than once`, at };
  }
  names.set(clean, type);
}

function* scanContent(entry: TarEntry, source: ByteSource, context: ScanContext): Generator<Observation<TarRuleId>> {
  const { name, type, size, dataStart } = entry;
  if (size === 0 && !FILES.includes(type)) return;
  if (size > 0 && source.read(dataStart + size - 1, 1).length === 0) {
    context.inconclusive(`${quote(name)} ends early`);
    const message = `the file ends before the ${size} bytes of ${quote(name)} do`;
    yield { rule: 'tar.cut-off', key: name, message, at: { offset: entry.offset } };
  }
  if (entry.sparse) {
    context.inconclusive(`${quote(name)} is stored sparse`);
    const message = `${quote(name)} is stored with its holes left out, so its content is not what was scanned`;
    yield { rule: 'tar.sparse', key: name, message, at: { offset: entry.offset } };
  }
  context.descend({ name, source: sliceSource(source, dataStart, size) });
}

function* checkEnd({ offset, by }: TarEnd, source: ByteSource, context: ScanContext): Generator<Observation<TarRuleId>> {
  if (by === 'cut-off') {
    context.inconclusive('tar archive is cut off');
    yield { rule: 'tar.cut-off', key: 'end', message: `the file ends inside a header at byte ${offset}`, at: { offset } };
    return;
  }
  const start = firstNonZero(source, offset, context);
  if (start === undefined) return;
  const message = `data that is no member begins at byte ${start}`;
  yield { rule: 'tar.trailing-data', key: 'end', message, at: { offset: start } };
  context.descend({ name: `(bytes from ${start})`, source: sliceSource(source, start, source.size - start) });
}

function firstNonZero(source: ByteSource, from: number, context: ScanContext): number | undefined {
  for (let at = from; ;) {
    context.budget.checkTime();
    const bytes = source.read(at, STEP);
    if (bytes.length === 0) return undefined;
    const index = bytes.findIndex((byte) => byte !== 0);
    if (index >= 0) return at + index;
    at += bytes.length;
  }
}

function quote(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
