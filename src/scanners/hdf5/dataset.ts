import type { Observation } from '../../core/finding.ts';
import type { Dataset } from '../../formats/hdf5/dataset.ts';
import type { Hdf5File } from '../../formats/hdf5/file.ts';
import { readVirtualSources } from '../../formats/hdf5/virtual.ts';
import type { Handover } from './handover.ts';
import type { Hdf5RuleId } from './rules.ts';
import { shown } from './shown.ts';

/**
 * Filters that need no unknown plugin: those of the library itself (1 to 6), and the registered compressors that h5py,
 * PyTables and hdf5plugin bring along.
 */
const ORDINARY_FILTERS: ReadonlySet<number> = new Set([
  1, 2, 3, 4, 5, 6, 305, 307, 32000, 32001, 32004, 32008, 32013, 32015, 32017, 32018, 32019, 32024, 32026, 32028,
]);

/** Where the values of a dataset come from, and what is needed to decode them. */
export function* inspectDataset(file: Hdf5File, path: string, dataset: Dataset, handover: Handover): Generator<Observation<Hdf5RuleId>> {
  if (dataset.externalFiles.length > 0) {
    const names = [...new Set(dataset.externalFiles)];
    yield {
      rule: 'hdf5.external-storage',
      key: names.slice(0, 5).join(' '),
      message: `The values of ${shown(path)} are read from the file ${names.slice(0, 5).map(shown).join(', ')}.`,
      evidence: { files: names.slice(0, 20) },
    };
  }
  for (const { id, name } of dataset.filters) {
    if (ORDINARY_FILTERS.has(id)) continue;
    yield {
      rule: 'hdf5.unknown-filter',
      key: `filter-${id}`,
      message: `${shown(path)} needs the filter ${id}${name === '' ? '' : ` (${shown(name)})`}.`,
    };
  }
  if (dataset.layout.kind !== 'virtual') return;
  const { files, complete } = readVirtualSources(file, handover.heap, dataset.layout.heap, dataset.layout.item);
  const others = files.filter((name) => name !== '.');
  if (others.length > 0 || !complete) {
    yield {
      rule: 'hdf5.virtual-dataset',
      key: others.slice(0, 5).join(' '),
      message: `${shown(path)} is put together from ${others.length === 0 ? 'sources that could not be read' : others.slice(0, 5).map(shown).join(', ')}.`,
      evidence: { files: others.slice(0, 20) },
    };
  }
}
