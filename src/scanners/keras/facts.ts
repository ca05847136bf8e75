import type { Json } from '../../core/artifact.ts';
import type { ScanContext } from '../../core/plugin.ts';
import { isObject, type JsonObject } from './walk.ts';

const MAX_CLASSES = 40;

/** Collects what a configuration says of the architecture, for the bill of materials. */
export class ArchitectureFacts {
  readonly #classes = new Map<string, number>();
  #layers = 0;

  /** Takes one Keras object into account: the entries of `layers` lists are layers. */
  add(object: JsonObject): void {
    const config = object['config'];
    const layers = isObject(config) ? config['layers'] : undefined;
    if (!Array.isArray(layers)) return;
    for (const layer of layers as Json[]) {
      if (!isObject(layer) || typeof layer['class_name'] !== 'string') continue;
      this.#layers++;
      const name = layer['class_name'].slice(0, 80);
      if (this.#classes.has(name) || this.#classes.size < MAX_CLASSES) this.#classes.set(name, (this.#classes.get(name) ?? 0) + 1);
    }
  }

  /** Records the facts. `root` is the whole configuration. */
  record(root: Json, context: ScanContext): void {
    if (!isObject(root)) return;
    const version = root['keras_version'];
    if (typeof version === 'string') context.fact('keras.version', version.slice(0, 40), 'declared');
    if (typeof root['class_name'] === 'string') context.fact('architecture', root['class_name'].slice(0, 80), 'declared');
    if (this.#layers > 0) {
      const classes = Object.fromEntries([...this.#classes].toSorted(([a], [b]) => (a < b ? -1 : 1)));
      context.fact('layers', { count: this.#layers, classes }, 'declared');
    }
  }
}
