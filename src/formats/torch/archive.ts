import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { readExactly, utf8 } from '../bytes/read.ts';
import { sliceSource } from '../bytes/source.ts';
import { type Entry, readArchives } from '../zip/archive.ts';
import { canRead, openContent } from '../zip/content.ts';
import { FLAG } from '../zip/header.ts';
import { quote, refused } from './refuse.ts';
import type { Storage } from './values.ts';

/** Why: the pickle of a state dict with 100,000 tensors has 20 MB. */
const MAX_PICKLE = 128 * 1024 * 1024;

/** A torch archive: its pickle and its storages. */
export interface TorchArchive {
  readonly pickle: ByteSource;
  /** Bytes of all storages together. */
  readonly storageBytes: number;
  /** The content of a storage, of exactly the length that the pickle states. */
  open(storage: Storage): ByteSource;
}

/** Opens the zip that `torch.save` writes. Throws `convert.refused` for other files that torch loads. */
export function openTorchArchive(source: ByteSource, budget: Budget): TorchArchive {
  const [archive, other] = readArchives(source, budget);
  if (archive === undefined)
    throw refused('not a torch zip archive; files saved by torch before 1.6 have to be saved again by a newer one');
  if (other !== undefined) throw refused('the archive has two directories');
  const members = byName(archive.entries);
  const [first] = archive.entries;
  const prefix = first?.central.name.split('/', 1)[0] ?? '';
  const pickled = members.get(`${prefix}/data.pkl`);
  if (pickled === undefined) throw refused('the archive has no data.pkl, so torch did not save it');
  if (members.has(`${prefix}/constants.pkl`)) throw refused('the archive is a TorchScript program, not a state dict');
  const order = members.get(`${prefix}/byteorder`);
  if (order !== undefined) checkByteOrder(contentOf(order, source, budget));
  if (pickled.central.size > MAX_PICKLE) throw refused(`data.pkl has ${pickled.central.size} bytes, more than ${MAX_PICKLE}`);
  const storages = `${prefix}/data/`;
  const sizes = archive.entries.filter(({ central }) => central.name.startsWith(storages)).map(({ central }) => central.size);
  return {
    pickle: contentOf(pickled, source, budget),
    storageBytes: sizes.reduce((sum, size) => sum + size, 0),
    open({ key, bytes }) {
      const entry = members.get(storages + key);
      if (entry === undefined) throw refused(`the storage ${quote(key)} is not in the archive`);
      if (entry.central.size !== bytes)
        throw refused(`the storage ${quote(key)} has ${entry.central.size} bytes where the pickle states ${bytes}`);
      return contentOf(entry, source, budget);
    },
  };
}

function byName(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const members = new Map<string, Entry>();
  for (const entry of entries) {
    const { name } = entry.central;
    if (members.has(name)) throw refused(`${quote(name)} is in the archive more than once`);
    members.set(name, entry);
  }
  return members;
}

function contentOf({ central, local }: Entry, source: ByteSource, budget: Budget): ByteSource {
  const name = quote(central.name);
  if (local === undefined) throw refused(`${name} is not where the directory says`);
  if ((central.flags & (FLAG.encrypted | FLAG.strong)) !== 0) throw refused(`${name} is encrypted`);
  if (!canRead(central.method)) throw refused(`${name} is compressed by the method ${central.method}, which is not supported`);
  if (local.rawName !== central.rawName || local.method !== central.method)
    throw refused(`${name} has another header than the directory says`);
  const data = sliceSource(source, local.dataStart, central.compressedSize);
  const content = openContent(data, central, budget);
  return content === data && central.size !== central.compressedSize ? refuseSize(name) : content;
}

function refuseSize(name: string): never {
  throw refused(`${name} has two different sizes`);
}

/** Why not swapped: such files are written on big-endian machines only, and a swap would no longer be a copy byte for byte. */
function checkByteOrder(content: ByteSource): void {
  const order = utf8(readExactly(content, 0, Math.min(16, content.size)));
  if (order !== 'little') throw refused(`the byte order is ${quote(order)}; only little-endian tensors can be copied`);
}
