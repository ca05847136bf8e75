import type { Observation } from '../../core/finding.ts';
import type { Entry } from '../../formats/zip/archive.ts';
import { type CentralHeader, FLAG, type LocalHeader } from '../../formats/zip/header.ts';
import type { ZipRuleId } from './rules.ts';

const SATURATED = 0xffff_ffff;
const REFUSED_FLAGS = FLAG.encrypted | FLAG.patch | FLAG.strong | FLAG.masked;

/** What two headers of one member contradict each other in. */
export function* compareHeaders({ central, local, badDescriptor }: Entry): Generator<Observation<ZipRuleId>> {
  const { name, localOffset } = central;
  const at = { offset: localOffset };
  if (local === undefined) {
    const message = `the directory says that ${quote(name)} begins at byte ${localOffset}, where there is no header`;
    yield { rule: 'zip.header-mismatch', key: `${name} header`, message, at };
    return;
  }
  for (const [field, inCentral, inLocal] of differences(central, local)) {
    const message = `${quote(name)}: ${field} is ${inCentral} in the directory and ${inLocal} in the local header`;
    const evidence = { member: name, field, central: inCentral, local: inLocal };
    yield { rule: 'zip.header-mismatch', key: `${name} ${field}`, message, at, evidence };
  }
  if (badDescriptor) {
    const message = `${quote(name)}: the data descriptor contradicts the directory`;
    yield { rule: 'zip.header-mismatch', key: `${name} descriptor`, message, at };
  }
}

function* differences(central: CentralHeader, local: LocalHeader): Generator<[string, string | number, string | number]> {
  if (central.rawName !== local.rawName) yield ['name', quote(central.name), quote(local.name)];
  if (central.method !== local.method) yield ['method', central.method, local.method];
  if (((central.flags ^ local.flags) & REFUSED_FLAGS) !== 0) yield ['flags', central.flags, local.flags];
  const streamed = ((central.flags | local.flags) & FLAG.descriptor) !== 0;
  for (const field of ['crc', 'compressedSize', 'size'] as const) {
    // A writer that streams does not know these yet and leaves them open.
    const open = streamed && (local[field] === 0 || local[field] === SATURATED);
    if (!open && central[field] !== local[field]) yield [field, central[field], local[field]];
  }
}

/** True when a reader that follows the local header would read other bytes as this member's content, or read them differently. */
export function readsDifferently({ central, local }: Entry): boolean {
  if (local === undefined) return false;
  if (central.method !== local.method) return true;
  const streamed = ((central.flags | local.flags) & FLAG.descriptor) !== 0;
  return !streamed && central.compressedSize !== local.compressedSize;
}

/** Flag bits on either side that make readers refuse a member. */
export function refusedFlags({ central, local }: Entry): number {
  return (central.flags | (local?.flags ?? 0)) & REFUSED_FLAGS;
}

/** A name as shown in messages: control characters escaped, cut to a readable length. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
