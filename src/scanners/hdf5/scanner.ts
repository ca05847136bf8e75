import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { bufferSource } from '../../formats/bytes/source.ts';
import { GlobalHeap } from '../../formats/hdf5/global-heap.ts';
import { findSuperblock } from '../../formats/hdf5/signature.ts';
import { readSuperblock } from '../../formats/hdf5/superblock.ts';
import { walkHdf5 } from '../../formats/hdf5/walk.ts';
import { inspectDataset } from './dataset.ts';
import { Handover } from './handover.ts';
import { shown } from './shown.ts';
import { inspectSurroundings } from './surroundings.ts';
import { HDF5_RULES, type Hdf5RuleId } from './rules.ts';
import { Tally } from './tally.ts';

/** Walks HDF5 files (Keras weights and models, PyTables, pandas, h5py) without following anything out of them. */
export const hdf5Scanner = fileScanner({
  id: 'hdf5',
  title: 'HDF5 files',
  rules: HDF5_RULES,
  accepts: (subject) => subject.format === 'hdf5' || hidesHdf5(subject),
  inspect: inspectHdf5,
});

/**
 * HDF5 behind the start of something else. Zip and tar have their members scanned anyway, and an archive whose first
 * member happens to lie at a multiple of 512 is ordinary.
 */
function hidesHdf5({ format, members, source, head }: FileSubject): boolean {
  if (format === 'zip' || format === 'tar' || format === 'empty') return false;
  return findSuperblock(members.length === 0 ? source : bufferSource(head)) !== undefined;
}

function* inspectHdf5(subject: FileSubject, context: ScanContext): Generator<Observation<Hdf5RuleId>> {
  const superblock = readSuperblock(subject.source, context.budget);
  const { file } = superblock;
  const handover = new Handover(file, new GlobalHeap(file), subject.source, context);
  const tally = new Tally(file);
  context.fact('format.version', `HDF5 superblock ${superblock.version}`);
  yield* inspectSurroundings(subject, superblock, context);
  for (const event of walkHdf5(superblock)) {
    if (event.kind === 'problem') {
      context.inconclusive(`${event.path}: ${event.error.message}`);
      yield {
        rule: 'hdf5.malformed',
        key: event.error.code,
        message: `The object ${shown(event.path)} could not be read: ${event.error.message}.`,
      };
    } else if (event.kind === 'link') {
      const { link, path } = event;
      if (link.kind === 'external') {
        yield {
          rule: 'hdf5.external-link',
          key: link.file,
          message: `${shown(path)} is a link to ${shown(link.target)} in the file ${shown(link.file)}.`,
          evidence: { file: link.file, target: link.target },
        };
      } else if (link.kind === 'user') {
        yield {
          rule: 'hdf5.user-defined-link',
          key: `type-${link.type}`,
          message: `${shown(path)} is a link of the user-defined type ${link.type}.`,
        };
      }
    } else {
      yield* handover.attributes(event.path, event.attributes);
      if (event.dataset === undefined) continue;
      yield* inspectDataset(file, event.path, event.dataset, handover);
      tally.add(event.path, event.dataset);
      yield* handover.values(event.path, event.dataset, event.attributes);
    }
  }
  yield* tally.bombs();
  if (tally.count > 0) context.fact('tensors', tally.summary());
}
