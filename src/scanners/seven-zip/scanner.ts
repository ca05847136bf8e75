import { CordonError } from '../../core/errors.ts';
import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { linkEscapes, pathDanger } from '../../formats/archive/path.ts';
import { utf8 } from '../../formats/bytes/read.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { InflatedSource } from '../../formats/inflate/inflated-source.ts';
import { type PackedFolder, type Range, readSevenZip } from '../../formats/seven-zip/archive.ts';
import { openFolder } from '../../formats/seven-zip/content.ts';
import { type FileEntry, isLink } from '../../formats/seven-zip/files.ts';
import { folderSize } from '../../formats/seven-zip/streams.ts';
import { SEVEN_ZIP_RULES, type SevenZipRuleId } from './rules.ts';

const MAX_LINK = 4096;

/** 7z archives: unusual for models, and for that reason used to carry malicious ones past scanners. */
export const sevenZipScanner = fileScanner({
  id: 'seven-zip',
  title: '7z archive',
  rules: SEVEN_ZIP_RULES,
  accepts: (subject) => subject.format === '7z',
  *inspect({ source }, context) {
    let archive;
    try {
      archive = readSevenZip(source, context.budget);
    } catch (error) {
      yield explain(error, 'headers', context);
      return;
    }
    context.fact('archive', { kind: '7z', members: archive.files.length });
    yield* checkNames(archive.files);
    const files = archive.files.filter((file) => file.hasStream);
    for (const packed of archive.folders) {
      yield* scanFolder(packed, files.splice(0, packed.folder.files.length), source, context);
    }
    yield* unclaimed(archive.claimed, source, context);
  },
});

/** Every byte of the file must be header or packed data. */
function* unclaimed(claimed: readonly Range[], source: ByteSource, context: ScanContext): Generator<Observation<SevenZipRuleId>> {
  let at = 0;
  for (const { start, end } of [...claimed, { start: source.size, end: source.size }]) {
    if (start > at) {
      const message = `${start - at} bytes at ${at} belong to no member`;
      yield { rule: 'seven-zip.unclaimed-data', key: 'unclaimed', message, at: { offset: at } };
      context.descend({ name: `(bytes ${at}-${start})`, source: sliceSource(source, at, start - at) });
    }
    at = Math.max(at, end);
  }
}

function* checkNames(files: readonly FileEntry[]): Generator<Observation<SevenZipRuleId>> {
  const names = new Set<string>();
  for (const { name } of files) {
    const danger = pathDanger(name);
    if (danger !== undefined) {
      yield { rule: 'seven-zip.path-traversal', key: name, message: `${JSON.stringify(name)} leads outside (${danger})` };
    }
    if (names.has(name)) yield { rule: 'seven-zip.duplicate-name', key: name, message: `${JSON.stringify(name)} is there more than once` };
    names.add(name);
  }
}

function* scanFolder(
  packed: PackedFolder,
  files: readonly FileEntry[],
  source: ByteSource,
  context: ScanContext,
): Generator<Observation<SevenZipRuleId>> {
  const label = files[0]?.name ?? 'folder';
  let content: ByteSource;
  try {
    content = openFolder(source, packed, context.budget);
  } catch (error) {
    yield explain(error, label, context);
    return;
  }
  let at = 0;
  for (const [i, size] of packed.folder.files.entries()) {
    const file = files[i];
    const slice = sliceSource(content, at, size);
    at += size;
    // Data that no file name belongs to is scanned all the same.
    context.descend({ name: file?.name ?? `(unnamed ${i})`, source: slice });
    if (file === undefined || !isLink(file)) continue;
    const target = utf8(slice.read(0, MAX_LINK));
    if (!linkEscapes(file.name, target)) continue;
    const message = `${JSON.stringify(file.name)} is a link to ${JSON.stringify(target.slice(0, 200))}`;
    yield { rule: 'seven-zip.link-outside', key: file.name, message };
  }
  const failure = content instanceof InflatedSource && content.size >= 0 ? content.failure : undefined;
  if (failure !== undefined) yield explain(failure, label, context);
  else if (content.size !== folderSize(packed.folder)) {
    context.inconclusive(`${label}: sizes do not fit`);
    const message = `${JSON.stringify(label)}: ${content.size} bytes where the header says ${folderSize(packed.folder)}`;
    yield { rule: 'seven-zip.broken', key: label, message };
  }
}

/** Turns what stopped the reader into a finding; anything else than a format error goes on to the engine. */
function explain(error: unknown, key: string, context: ScanContext): Observation<SevenZipRuleId> {
  if (!(error instanceof CordonError) || !error.code.startsWith('format.')) throw error;
  const message = `${key === 'headers' ? 'headers' : JSON.stringify(key)}: ${error.message}`;
  if (error.code === 'format.encrypted') {
    context.notScanned(message);
    return { rule: 'seven-zip.encrypted', key, message };
  }
  context.inconclusive(message);
  return { rule: error.code === 'format.unsupported' ? 'seven-zip.unsupported-method' : 'seven-zip.broken', key, message };
}
