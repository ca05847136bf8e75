import type { Observation } from '../../core/finding.ts';
import type { ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { linkEscapes, pathDanger } from '../../formats/archive/path.ts';
import { latin1 } from '../../formats/bytes/read.ts';
import type { Archive, Entry } from '../../formats/zip/archive.ts';
import { openContent, canRead } from '../../formats/zip/content.ts';
import { findHidden } from '../../formats/zip/hidden.ts';
import { type Gap, isZero, layout } from '../../formats/zip/layout.ts';
import { quote } from './headers.ts';
import { type MemberScan, scanContent } from './member.ts';
import type { ZipRuleId } from './rules.ts';

const UNIX_SYSTEMS = new Set([3, 19]);
const MODE_TYPE = 0xf000;
const MODE_LINK = 0xa000;
/** Character and block device. Pipes are ordinary: `zip` records one for what it read from its standard input. */
const MODE_SPECIAL = new Set([0x2000, 0x6000]);
const MAX_LINK = 4096;

const GAP_RULES: Record<Gap['kind'], ZipRuleId> = {
  prefix: 'zip.prefix',
  between: 'zip.gap',
  'before-directory': 'zip.gap',
  'after-directory': 'zip.gap',
  trailing: 'zip.trailing-data',
};

/** Overlaps, and every byte that belongs to no member. Whatever is found there is scanned too. */
export function* scanLayout(archive: Archive, scan: MemberScan): Generator<Observation<ZipRuleId>> {
  const { gaps, overlaps } = layout(archive, scan.source.size);
  for (const [first, second] of overlaps) {
    const message = `${quote(first.central.name)} and ${quote(second.central.name)} share bytes`;
    yield { rule: 'zip.overlap', key: `${first.central.name} ${second.central.name}`, message, at: { offset: second.central.localOffset } };
  }
  for (const gap of gaps) yield* scanGap(gap.start, gap.end, GAP_RULES[gap.kind], scan);
}

/** One range that no directory accounts for: hidden members in it, and the rest as content of its own. */
export function* scanGap(start: number, end: number, rule: ZipRuleId, scan: MemberScan): Generator<Observation<ZipRuleId>> {
  const { source, context } = scan;
  if (isZero(source, start, end)) return;
  let at = start;
  for (const { header, end: hiddenEnd } of findHidden(source, start, end, context.budget)) {
    yield* scanRest(at, header.offset, rule, scan);
    const name = `${header.name} (hidden)`;
    const message = `${quote(header.name)} has a local header at byte ${header.offset} but is not in the directory`;
    yield { rule: 'zip.hidden-member', key: header.name, message, at: { offset: header.offset } };
    const length = hiddenEnd - header.dataStart;
    yield* scanContent(name, { ...header, compressedSize: length }, sliceSource(source, header.dataStart, length), 0, unverified(scan));
    at = hiddenEnd;
  }
  yield* scanRest(at, end, rule, scan);
}

/** Why: the header of a hidden member may not know its size and checksum, and it is reported anyway. */
function unverified(scan: MemberScan): MemberScan {
  return { ...scan, verifyLeft: -1 };
}

function* scanRest(start: number, end: number, rule: ZipRuleId, { source, context }: MemberScan): Generator<Observation<ZipRuleId>> {
  if (start >= end || isZero(source, start, end) || isDescriptor(source, start, end)) return;
  const message = `${end - start} bytes at ${start} belong to no member`;
  yield { rule, key: rule, message, at: { offset: start }, evidence: { offset: start, length: end - start } };
  // Why not the whole: it is what is being scanned, and would be found in itself without end.
  if (end - start < source.size) context.descend({ name: `(bytes ${start}-${end})`, source: sliceSource(source, start, end - start) });
}

/** The descriptor of a hidden member is no content. */
function isDescriptor(source: ByteSource, start: number, end: number): boolean {
  return end - start <= 24 && latin1(source.read(start, 4)) === 'PK\x07\x08';
}

/** Names and links that leave the folder an archive is unpacked to. */
export function* checkPath({ central, local }: Entry, source: ByteSource, context: ScanContext): Generator<Observation<ZipRuleId>> {
  const danger = pathDanger(central.name) ?? (local === undefined ? undefined : pathDanger(local.name));
  if (danger !== undefined) {
    yield { rule: 'zip.path-traversal', key: central.name, message: `${quote(central.name)} leads outside (${danger})` };
  }
  const type = UNIX_SYSTEMS.has(central.system) ? (central.attributes >>> 16) & MODE_TYPE : 0;
  if (MODE_SPECIAL.has(type)) {
    yield { rule: 'zip.link-outside', key: central.name, message: `${quote(central.name)} is a device` };
  }
  if (type !== MODE_LINK || local === undefined || !canRead(central.method)) return;
  const data = sliceSource(source, local.dataStart, central.compressedSize);
  const target = latin1(openContent(data, central, context.budget).read(0, MAX_LINK));
  if (linkEscapes(central.name, target)) {
    const message = `${quote(central.name)} is a link to ${quote(target)}`;
    yield { rule: 'zip.link-outside', key: central.name, message, evidence: { target: target.slice(0, 200) } };
  }
}
