import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { type Archive, type Entry, readArchives } from '../../formats/zip/archive.ts';
import { compareHeaders, quote, readsDifferently } from './headers.ts';
import { type MemberScan, scanContent, scanEntry } from './member.ts';
import { storageRoles } from './roles.ts';
import { ZIP_RULES, type ZipRuleId } from './rules.ts';
import { checkPath, scanGap, scanLayout } from './structure.ts';

/** Why 64 MiB: verifying checksums must not make the scan of an archive of many small members slow. */
const VERIFY_TOTAL = 64 * 1024 * 1024;

/** Zip archives: reads them as every kind of reader does, compares, and hands every member to the engine. */
export const zipScanner = fileScanner({
  id: 'zip',
  title: 'Zip archive',
  rules: ZIP_RULES,
  accepts: (subject) => subject.format === 'zip',
  *inspect({ source }, context) {
    const archives = readArchives(source, context.budget);
    const [main, ...others] = archives;
    if (main === undefined) {
      yield* scanWithoutDirectory(source, context);
      return;
    }
    context.fact('archive', { kind: 'zip', members: main.entries.length });
    const scan = memberScan(source, context, main.entries);
    yield* checkDirectory(main);
    yield* duplicates(main);
    const seen = new Set<string>();
    yield* scanEntries(main, seen, scan);
    yield* scanLayout(main, scan);
    for (const other of others) {
      const place = other.end.offset === main.end.offset ? 'the same end record' : `an end record at byte ${other.end.offset}`;
      const message = `a second directory with ${other.entries.length} members at byte ${other.directoryStart}, by ${place}`;
      yield { rule: 'zip.second-directory', key: 'directory', message, at: { offset: other.directoryStart } };
      yield* scanEntries(other, seen, scan);
    }
  },
});

function memberScan(source: ByteSource, context: ScanContext, entries: readonly Entry[]): MemberScan {
  const withoutChecksums = entries.every(({ central }) => central.crc === 0);
  return { source, context, withoutChecksums, role: storageRoles(entries), verifyLeft: VERIFY_TOTAL };
}

function* scanEntries(archive: Archive, seen: Set<string>, scan: MemberScan): Generator<Observation<ZipRuleId>> {
  for (const entry of archive.entries) {
    const { central } = entry;
    // Two directories may list the same member; two members of one directory may share a header under different names.
    const key = `${central.localOffset} ${central.method} ${central.compressedSize} ${central.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield* checkPath(entry, scan.source, scan.context);
    if (central.size > 0 || central.compressedSize > 0 || !central.name.endsWith('/')) yield* scanEntry(entry, scan);
    // Only now: the descriptor lies behind the content.
    yield* compareHeaders(entry);
    const { local } = entry;
    if (local === undefined || !readsDifferently(entry)) continue;
    const data = sliceSource(scan.source, local.dataStart, local.compressedSize);
    yield* scanContent(`${local.name} (by its local header)`, local, data, 0, { ...scan, verifyLeft: -1 });
  }
}

function* checkDirectory(archive: Archive): Generator<Observation<ZipRuleId>> {
  const { end, entries } = archive;
  if (end.contradicts) {
    const message = 'the end record and the zip64 end record contradict each other';
    yield { rule: 'zip.broken-directory', key: 'zip64', message, at: { offset: end.offset } };
  }
  const listed = end.zip64 ? entries.length : entries.length & 0xffff;
  if (listed !== end.entries) {
    const message = `the directory lists ${entries.length} members, the end record says ${end.entries}`;
    yield { rule: 'zip.broken-directory', key: 'count', message, at: { offset: end.offset } };
  }
}

function* duplicates({ entries }: Archive): Generator<Observation<ZipRuleId>> {
  const names = new Set<string>();
  const reported = new Set<string>();
  for (const { central } of entries) {
    const { name } = central;
    if (names.has(name) && !reported.has(name) && !name.endsWith('/')) {
      reported.add(name);
      yield {
        rule: 'zip.duplicate-name',
        key: name,
        message: `${quote(name)} is there more than once`,
        at: { offset: central.localOffset },
      };
    }
    names.add(name);
  }
}

/** A cut-off archive: streaming readers unpack what is there, so it is scanned. */
function* scanWithoutDirectory(source: ByteSource, context: ScanContext): Generator<Observation<ZipRuleId>> {
  context.inconclusive('zip archive without a directory');
  yield { rule: 'zip.broken-directory', key: 'directory', message: 'no central directory was found' };
  yield* scanGap(0, source.size, 'zip.gap', memberScan(source, context, []));
}
