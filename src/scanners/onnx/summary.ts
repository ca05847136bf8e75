import type { Json } from '../../core/artifact.ts';
import type { ScanContext } from '../../core/plugin.ts';
import { printable } from '../../core/printable.ts';
import { elementTypeName } from '../../formats/onnx/element-types.ts';
import type { OnnxEvent } from '../../formats/onnx/events.ts';

const MAX_LISTED = 64;

/** Gathers what a bill of materials wants to know of an ONNX model. */
export class OnnxSummary {
  readonly #declared = new Map<string, string>();
  readonly #opsets: { domain: string; version: number }[] = [];
  readonly #types = new Map<string, number>();
  #irVersion = 0;
  #nodes = 0;
  #functions = 0;
  #tensors = 0;
  #parameters = 0;

  add(event: OnnxEvent): void {
    if (event.kind === 'node') this.#nodes++;
    else if (event.kind === 'function') this.#functions++;
    else if (event.kind === 'header' && event.field === 'irVersion') this.#irVersion = event.value;
    else if (event.kind === 'text') this.#declare(event.field, event.value);
    else if (event.kind === 'metadata' && /^licen[cs]e$/i.test(event.key)) this.#declare('licence', event.value);
    else if (event.kind === 'opset' && this.#opsets.length < MAX_LISTED) {
      this.#opsets.push({ domain: printable(event.domain), version: event.version });
    } else if (event.kind === 'tensor' && event.where === 'initializer') {
      this.#tensors++;
      this.#parameters += Number.isFinite(event.tensor.elements) ? event.tensor.elements : 0;
      const type = elementTypeName(event.tensor.type);
      if (this.#types.has(type) || this.#types.size < MAX_LISTED) this.#types.set(type, (this.#types.get(type) ?? 0) + 1);
    }
  }

  report(context: ScanContext): void {
    context.fact('format.version', this.#irVersion);
    context.fact('onnx', { nodes: this.#nodes, functions: this.#functions, opsets: this.#opsets });
    const dtypes: Json = Object.fromEntries(this.#types);
    context.fact('tensors', { count: this.#tensors, parameters: this.#parameters, dtypes });
    const producer = [this.#declared.get('producer'), this.#declared.get('producerVersion')].filter(Boolean).join(' ');
    if (producer !== '') context.fact('producer', producer, 'declared');
    const licence = this.#declared.get('licence');
    if (licence !== undefined) context.fact('licence', licence, 'declared');
  }

  #declare(field: string, value: string): void {
    if (value !== '') this.#declared.set(field, printable(value).slice(0, 200));
  }
}
