import { readDataspace, type Shape } from './dataspace.ts';
import { type Datatype, readDatatype } from './datatype.ts';
import { readExternalFiles } from './external-files.ts';
import type { Hdf5File } from './file.ts';
import { type Filter, readFilters } from './filters.ts';
import { type Layout, readLayout } from './layout.ts';
import { MESSAGE, type Message } from './object-header.ts';
import type { SharedMessages } from './shared.ts';

/** What the header of a dataset says of its values. */
export interface Dataset {
  readonly type: Datatype;
  readonly shape: Shape;
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  /** Raw files outside that hold the values; empty in ordinary files. */
  readonly externalFiles: readonly string[];
}

/** The dataset these messages describe; undefined when the object is none. */
export function readDataset(file: Hdf5File, shared: SharedMessages, messages: readonly Message[]): Dataset | undefined {
  const body = (type: number): Uint8Array | undefined => {
    const message = messages.find((candidate) => candidate.type === type);
    return message && shared.body(message);
  };
  const layout = body(MESSAGE.layout);
  const type = body(MESSAGE.datatype);
  const shape = body(MESSAGE.dataspace);
  if (layout === undefined || type === undefined || shape === undefined) return undefined;
  const filters = body(MESSAGE.filters);
  const external = body(MESSAGE.externalFiles);
  return {
    type: readDatatype(file.over(type)),
    shape: readDataspace(file.over(shape)),
    layout: readLayout(file.over(layout)),
    filters: filters === undefined ? [] : readFilters(file.over(filters)),
    externalFiles: external === undefined ? [] : readExternalFiles(file, file.over(external)),
  };
}
