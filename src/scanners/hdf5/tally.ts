import type { Json } from '../../core/artifact.ts';
import type { Observation } from '../../core/finding.ts';
import { storedBytes } from '../../formats/hdf5/chunks.ts';
import { elementCount } from '../../formats/hdf5/dataspace.ts';
import type { Dataset } from '../../formats/hdf5/dataset.ts';
import type { Hdf5File } from '../../formats/hdf5/file.ts';
import type { Hdf5RuleId } from './rules.ts';
import { shown } from './shown.ts';

/** Why 256 MiB: less than that takes no process down. */
const HARMLESS_BYTES = 256n * 1024n * 1024n;
/** Why 1200: DEFLATE, the strongest ordinary filter, cannot exceed 1032:1. */
const MAX_RATIO = 1200n;
const NUMERIC: ReadonlySet<string> = new Set(['integer', 'float', 'enum', 'complex', 'array']);
/** The state of an optimizer is no part of the model. */
const OPTIMIZER = /^\/optimizer(_weights)?\//;

/** Counts tensors, and adds up what datasets declare without storing it. */
export class Tally {
  count = 0;
  #parameters = 0n;
  readonly #types = new Map<string, number>();
  readonly #file: Hdf5File;
  #unstored = 0n;
  #worst: { readonly path: string; readonly declared: bigint; readonly stored: number } | undefined;

  constructor(file: Hdf5File) {
    this.#file = file;
  }

  /** Takes one dataset into account. */
  add(path: string, dataset: Dataset): void {
    const elements = elementCount(dataset.shape);
    if (NUMERIC.has(dataset.type.class) && !OPTIMIZER.test(path)) {
      this.count++;
      this.#parameters += elements;
      this.#types.set(dataset.type.name, (this.#types.get(dataset.type.name) ?? 0) + 1);
    }
    const declared = elements * BigInt(dataset.type.size);
    if (dataset.layout.kind === 'virtual' || dataset.externalFiles.length > 0) return;
    // Why first against the whole file: it spares a walk of the chunk index for every ordinary dataset.
    if (declared <= BigInt(this.#file.bytesFrom(0)) && declared <= HARMLESS_BYTES / 1024n) return;
    const stored = storedBytes(this.#file, dataset);
    if (declared <= BigInt(stored) * MAX_RATIO) return;
    this.#unstored += declared;
    if (this.#worst === undefined || declared > this.#worst.declared) this.#worst = { path, declared, stored };
  }

  /** One observation when the datasets together declare more than a machine can be asked to bear. */
  *bombs(): Generator<Observation<Hdf5RuleId>> {
    if (this.#worst === undefined || this.#unstored <= HARMLESS_BYTES) return;
    const { path, declared, stored } = this.#worst;
    yield {
      rule: 'hdf5.shape-bomb',
      key: 'shape',
      message: `Datasets declare ${this.#unstored} bytes that are not there; ${shown(path)} alone declares ${declared} and stores ${stored}.`,
      evidence: { dataset: path.slice(0, 200), declaredBytes: declared.toString(), storedBytes: stored },
    };
  }

  /** What the tensors are, for the bill of materials. */
  summary(): Json {
    const parameters = this.#parameters <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(this.#parameters) : this.#parameters.toString();
    return { count: this.count, parameters, dtypes: Object.fromEntries([...this.#types].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  }
}
