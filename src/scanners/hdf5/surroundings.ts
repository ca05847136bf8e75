import type { Observation } from '../../core/finding.ts';
import type { ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import type { FileSubject } from '../../core/subject.ts';
import { truncated } from '../../core/errors.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import type { Superblock } from '../../formats/hdf5/superblock.ts';
import { HEAD_BYTES } from '../../formats/signature.ts';
import { sniff } from '../../formats/sniff.ts';
import type { Hdf5RuleId } from './rules.ts';

const HARMLESS = new Set(['empty', 'unknown', 'text', 'json', 'yaml', 'xml']);
const WINDOW_BYTES = 256 * 1024;

/** What lies in front of the HDF5 content (the user block) and behind it. */
export function* inspectSurroundings(
  subject: FileSubject,
  superblock: Superblock,
  context: ScanContext,
): Generator<Observation<Hdf5RuleId>> {
  const { source } = subject;
  if (superblock.driverInfo !== undefined) {
    yield { rule: 'hdf5.split-file', key: 'driver', message: 'The superblock has driver information of a multi-file driver.' };
  }
  if (superblock.userBlock > 0) {
    yield* inspectPart('user-block', sliceSource(source, 0, superblock.userBlock), context, 'in front of');
  }
  if (source.size < superblock.end) throw truncated(`HDF5 file should have ${superblock.end} bytes and has ${source.size}`);
  const rest = sliceSource(source, superblock.end, source.size - superblock.end);
  if (rest.size === 0 || isZero(rest, context)) return;
  yield* inspectPart('trailing-data', rest, context, 'behind');
  yield {
    rule: 'hdf5.trailing-data',
    key: 'trailing',
    message: `${rest.size} bytes follow the HDF5 content.`,
    at: { offset: superblock.end },
  };
}

function* inspectPart(name: string, source: ByteSource, context: ScanContext, where: string): Generator<Observation<Hdf5RuleId>> {
  if (isZero(source, context)) return;
  const format = sniff(source.read(0, HEAD_BYTES).slice(), source);
  if (!HARMLESS.has(format)) {
    yield { rule: 'hdf5.polyglot', key: format, message: `There is ${format} content ${where} the HDF5 content.` };
  }
  context.descend({ name, source });
}

/** Preallocated space is zero-filled and ordinary. */
function isZero(source: ByteSource, { budget }: ScanContext): boolean {
  for (let at = 0; at < source.size; at += WINDOW_BYTES) {
    budget.checkTime();
    if (source.read(at, WINDOW_BYTES).some((byte) => byte !== 0)) return false;
  }
  return true;
}
