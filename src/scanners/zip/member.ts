import { crc32 } from 'node:zlib';
import type { Observation } from '../../core/finding.ts';
import type { Member, ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { InflatedSource } from '../../formats/inflate/inflated-source.ts';
import type { Entry } from '../../formats/zip/archive.ts';
import { canRead, METHOD, openContent } from '../../formats/zip/content.ts';
import type { Header } from '../../formats/zip/header.ts';
import { quote, refusedFlags } from './headers.ts';
import type { ZipRuleId } from './rules.ts';

const STEP = 1024 * 1024;
/** Why 16 MiB: what loaders execute is small; verifying gigabytes of numbers would cost more than the whole scan. */
const VERIFY_UP_TO = 16 * STEP;

/** What scanning the members of one archive shares. */
export interface MemberScan {
  readonly source: ByteSource;
  readonly context: ScanContext;
  /** Set when the writer left all checksums 0, as torch does on request. */
  readonly withoutChecksums: boolean;
  readonly role: (name: string) => Member['role'];
  /** Bytes that may still be read only to verify checksums. */
  verifyLeft: number;
}

/** Hands a member's content to the engine and judges how it was packed. */
export function* scanEntry(entry: Entry, scan: MemberScan): Generator<Observation<ZipRuleId>> {
  const { central, local } = entry;
  if (local === undefined) {
    scan.context.inconclusive(`${quote(central.name)} has no local header`);
    return;
  }
  const data = sliceSource(scan.source, local.dataStart, central.compressedSize);
  yield* scanContent(central.name, central, data, refusedFlags(entry), scan);
}

/** The same for content described by one header only. */
export function* scanContent(
  name: string,
  header: Header,
  data: ByteSource,
  flags: number,
  scan: MemberScan,
): Generator<Observation<ZipRuleId>> {
  const { context } = scan;
  const evidence = { member: name, method: header.method };
  if (header.method === METHOD.aes || (flags !== 0 && !canRead(header.method))) {
    yield* encrypted(name, context);
    return;
  }
  if (!canRead(header.method)) {
    context.inconclusive(`${quote(name)} uses compression method ${header.method}`);
    const message = `${quote(name)} uses compression method ${header.method}, which is not read`;
    yield { rule: 'zip.unsupported-method', key: name, message, evidence };
    return;
  }
  const content = openContent(data, header, context.budget);
  if (flags !== 0) {
    if (!isReadable(content, header)) {
      yield* encrypted(name, context);
      return;
    }
    const message = `${quote(name)} has flag bits 0x${flags.toString(16)} that make readers refuse it, yet is not encrypted`;
    yield { rule: 'zip.flag-bits', key: name, message, evidence: { member: name, flags } };
  }
  const role = scan.role(name);
  context.descend(role === undefined ? { name, source: content } : { name, source: content, role });
  yield* verify(name, header, data, content, role === 'opaque', scan);
}

function* encrypted(name: string, context: ScanContext): Generator<Observation<ZipRuleId>> {
  context.notScanned(`${quote(name)} is encrypted`);
  yield { rule: 'zip.encrypted-member', key: name, message: `${quote(name)} is encrypted and was not scanned` };
}

/** Encryption adds 12 bytes to stored content and makes noise of compressed content. */
function isReadable(content: ByteSource, header: Header): boolean {
  if (content instanceof InflatedSource) return content.size === header.size && content.failure === undefined;
  return header.compressedSize === header.size;
}

function* verify(
  name: string,
  header: Header,
  data: ByteSource,
  content: ByteSource,
  opaque: boolean,
  scan: MemberScan,
): Generator<Observation<ZipRuleId>> {
  if (data.size < header.compressedSize) {
    scan.context.inconclusive(`${quote(name)} ends early`);
    const message = `${quote(name)} should have ${header.compressedSize} bytes, the file ends after ${data.size}`;
    yield { rule: 'zip.broken-member', key: name, message };
    return;
  }
  if (opaque || header.size > Math.min(VERIFY_UP_TO, scan.verifyLeft)) return;
  const crc = checksum(content, scan);
  if (content instanceof InflatedSource && content.failure !== undefined) {
    scan.context.inconclusive(`${quote(name)}: ${content.failure.message}`);
    yield { rule: 'zip.broken-member', key: name, message: `${quote(name)}: ${content.failure.message}` };
    return;
  }
  const unused = content instanceof InflatedSource ? data.size - content.end : 0;
  if (content.size !== header.size || unused > 0) {
    const rest = unused > 0 ? `, and ${unused} bytes follow its compressed data` : '';
    const message = `${quote(name)} has ${content.size} bytes, its header says ${header.size}${rest}`;
    yield { rule: 'zip.size-mismatch', key: name, message };
  } else if (crc !== header.crc && !scan.withoutChecksums) {
    const message = `${quote(name)}: the checksum should be ${header.crc.toString(16)}, its content has ${crc.toString(16)}`;
    yield { rule: 'zip.bad-checksum', key: name, message };
  }
}

function checksum(content: ByteSource, scan: MemberScan): number {
  let crc = 0;
  for (let at = 0; ;) {
    const bytes = content.read(at, STEP);
    if (bytes.length === 0) return crc;
    crc = crc32(bytes, crc);
    at += bytes.length;
    scan.verifyLeft -= bytes.length;
    scan.context.budget.checkTime();
  }
}
