import type { CordonError } from '../../core/errors.ts';
import type { Attribute } from './attributes.ts';
import type { Dataset } from './dataset.ts';
import type { Link } from './links.ts';
import { type Message, readObjectHeader } from './object-header.ts';
import { isLocal, ObjectReader } from './object.ts';
import { SharedMessages } from './shared.ts';
import type { Superblock } from './superblock.ts';

/** What a walk through an HDF5 file meets, in order. */
export type Hdf5Event =
  | { readonly kind: 'object'; readonly path: string; readonly attributes: readonly Attribute[]; readonly dataset: Dataset | undefined }
  | { readonly kind: 'link'; readonly path: string; readonly link: Exclude<Link, { kind: 'hard' }> }
  | { readonly kind: 'problem'; readonly path: string; readonly error: CordonError };

/**
 * Walks every object that hard links reach from the root, each once, whatever cycles the links make. External links,
 * external storage and virtual datasets are told, never followed. A broken structure is told as a problem, and the walk
 * goes on with what is left.
 */
export function* walkHdf5({ file, root, extension }: Superblock): Generator<Hdf5Event> {
  const problems: Hdf5Event[] = [];
  const attempt = <T>(path: string, action: () => T): T | undefined => {
    try {
      return action();
    } catch (error) {
      if (!isLocal(error)) throw error;
      problems.push({ kind: 'problem', path, error });
      return undefined;
    }
  };
  const header = (path: string, address: number): readonly Message[] => attempt(path, () => readObjectHeader(file, address)) ?? [];
  const fileWide = extension === undefined ? [] : header('/', extension);
  const shared = attempt('/', () => new SharedMessages(file, fileWide)) ?? new SharedMessages(file, []);
  const reader = new ObjectReader(file, shared);
  const pending = [{ path: '/', address: root }];
  const seen = new Set([root]);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, address } = next;
    const messages = header(path, address);
    const dataset = attempt(path, () => reader.dataset(messages));
    const attributes: Attribute[] = [];
    attempt(path, () => {
      let held = 0;
      for (const attribute of reader.attributes(messages)) {
        attributes.push(attribute);
        file.budget.checkBuffer((held += attribute.data.length));
      }
    });
    yield { kind: 'object', path, attributes, dataset };
    const links: Link[] = [];
    attempt(path, () => {
      for (const link of reader.links(messages)) links.push(link);
    });
    const children: { path: string; address: number }[] = [];
    for (const link of links) {
      const linkPath = join(path, link.name);
      if (link.kind !== 'hard') yield { kind: 'link', path: linkPath, link };
      else if (!seen.has(link.address)) {
        seen.add(link.address);
        children.push({ path: linkPath, address: link.address });
      }
    }
    pending.push(...children.toReversed());
    yield* problems.splice(0);
  }
}

/** Why cut: hostile groups nest without end, and the names of all ancestors would add up. */
function join(path: string, name: string): string {
  const parent = path === '/' ? '' : path;
  return parent.length > 1000 ? `${parent.slice(0, 990)}…/${name}` : `${parent}/${name}`;
}
