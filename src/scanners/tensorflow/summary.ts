import type { ScanContext } from '../../core/plugin.ts';
import { printable } from '../../core/printable.ts';
import { DT_STRING, dataTypeName } from '../../formats/tensorflow/data-types.ts';
import type { TfEvent, TfNode } from '../../formats/tensorflow/events.ts';

const VARIABLES = new Set(['VarHandleOp', 'VariableV2', 'Variable']);
const MAX_LISTED = 32;

/** Gathers what a bill of materials wants to know of a TensorFlow graph. */
export class TensorFlowSummary {
  readonly #types = new Map<string, number>();
  readonly #tags = new Set<string>();
  readonly #signatures = new Set<string>();
  #version = '';
  #nodes = 0;
  #functions = 0;
  #tensors = 0;
  #parameters = 0;

  add(event: TfEvent): void {
    if (event.kind === 'version') this.#version = event.value;
    else if (event.kind === 'tag' && this.#tags.size < MAX_LISTED) this.#tags.add(printable(event.value).slice(0, 80));
    else if (event.kind === 'signature' && this.#signatures.size < MAX_LISTED) this.#signatures.add(printable(event.value).slice(0, 80));
    else if (event.kind === 'function') this.#functions++;
    else if (event.kind === 'node') this.#node(event.node);
  }

  report(context: ScanContext): void {
    if (this.#version !== '') context.fact('format.version', printable(this.#version).slice(0, 80), 'declared');
    context.fact('tensorflow', {
      nodes: this.#nodes,
      functions: this.#functions,
      tags: [...this.#tags],
      signatures: [...this.#signatures],
    });
    const dtypes = Object.fromEntries(this.#types);
    if (this.#tensors > 0) context.fact('tensors', { count: this.#tensors, parameters: this.#parameters, dtypes });
  }

  /** Variables, and the constants of frozen graphs that are larger than a scalar. */
  #node(node: TfNode): void {
    this.#nodes++;
    const constant = node.op === 'Const' ? node.tensor : undefined;
    const isConstant = constant !== undefined && constant.type !== DT_STRING && constant.elements > 1;
    if (!VARIABLES.has(node.op) && !isConstant) return;
    const { type, elements } = isConstant ? constant : node;
    const name = dataTypeName(type);
    this.#tensors++;
    this.#parameters += Number.isFinite(elements) ? elements : 0;
    if (this.#types.has(name) || this.#types.size < MAX_LISTED) this.#types.set(name, (this.#types.get(name) ?? 0) + 1);
  }
}
