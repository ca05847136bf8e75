import type { Budget } from '../../core/budget.ts';
import type { TfNode, TfScope } from '../../formats/tensorflow/events.ts';
import { DANGEROUS } from './operators.ts';

/** A node kept because it is dangerous, or because text flows through it. */
export interface KeptNode extends TfNode {
  readonly scope: TfScope;
}

/** Operators that hand text on, combine it, or hold it. */
const TEXT_OPERATORS = new Set(
  (
    'Const Identity IdentityN StopGradient Snapshot Reshape ExpandDims Squeeze PlaceholderWithDefault Pack Concat ConcatV2 StringJoin ' +
    'ReadVariableOp AssignVariableOp Assign VarHandleOp VariableV2 Variable DecodeBase64 EnsureShape PreventGradient Placeholder ' +
    'TensorDataset TensorSliceDataset Select SelectV2 Switch Merge RefSwitch RefMerge GuaranteeConst HostConst DeepCopy StringStrip CopyHost Copy'
  ).split(' '),
);

/** What is remembered of all graphs of a file to find out which text reaches an operator. */
export class GraphMemory {
  readonly #budget: Budget;
  readonly #nodes = new Map<number, Map<string, KeptNode>>();
  /** Arguments of functions, by library and function name. */
  readonly #arguments = new Map<string, readonly string[]>();
  /** Nodes that name a function, by library and function name. */
  readonly #calls = new Map<string, KeptNode[]>();
  /** Values assigned to variables, by scope and name of the variable. */
  readonly #assigned = new Map<string, KeptNode[]>();
  readonly #assets = new Set<string>();
  #held = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  defineFunction(scope: TfScope, inputs: readonly string[]): void {
    this.#arguments.set(`${scope.library}\0${scope.functionName ?? ''}`, inputs);
  }

  isFunction(scope: TfScope, name: string): boolean {
    return this.#arguments.has(`${scope.library}\0${name}`);
  }

  addAsset(tensor: string): void {
    this.#assets.add(nodeName(tensor));
  }

  isAsset(name: string): boolean {
    return this.#assets.has(name);
  }

  /** Remembers a node if it may matter for text; returns it with its scope. */
  add(scope: TfScope, node: TfNode): KeptNode {
    const kept: KeptNode = { ...node, scope };
    for (const name of node.functions) push(this.#calls, `${scope.library}\0${name}`, kept);
    const direct = this.#arguments.has(`${scope.library}\0${node.op}`);
    if (direct) push(this.#calls, `${scope.library}\0${node.op}`, kept);
    const holdsText = TEXT_OPERATORS.has(node.op) && (node.op !== 'Const' || (node.tensor?.strings.length ?? 0) > 0);
    if (!holdsText && !DANGEROUS.has(node.op) && !direct && node.functions.length === 0) return kept;
    if (node.op === 'AssignVariableOp' || node.op === 'Assign')
      push(this.#assigned, `${scope.id}\0${nodeName(node.inputs[0] ?? '')}`, kept);
    this.#held += sizeOf(node);
    this.#budget.checkBuffer(this.#held);
    const names = this.#nodes.get(scope.id) ?? new Map<string, KeptNode>();
    names.set(node.name, kept);
    this.#nodes.set(scope.id, names);
    return kept;
  }

  node(scope: TfScope, reference: string): KeptNode | undefined {
    return this.#nodes.get(scope.id)?.get(nodeName(reference));
  }

  assignmentsTo(scope: TfScope, variable: string): readonly KeptNode[] {
    return this.#assigned.get(`${scope.id}\0${nodeName(variable)}`) ?? [];
  }

  /** Position of a name among the arguments of the function that the scope is, -1 when it is none. */
  argumentOf(scope: TfScope, reference: string): number {
    if (scope.functionName === undefined) return -1;
    return (this.#arguments.get(`${scope.library}\0${scope.functionName}`) ?? []).indexOf(nodeName(reference));
  }

  callsOf(scope: TfScope): readonly KeptNode[] {
    return this.#calls.get(`${scope.library}\0${scope.functionName ?? ''}`) ?? [];
  }
}

/** Name of the node that a reference points to: without control mark, output name and index. */
export function nodeName(reference: string): string {
  const start = reference.startsWith('^') ? 1 : 0;
  const end = reference.indexOf(':');
  return reference.slice(start, end < 0 ? undefined : end);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Rough memory of a kept node, in bytes. */
function sizeOf(node: TfNode): number {
  let size = 200 + node.name.length;
  for (const input of node.inputs) size += 20 + input.length;
  for (const text of node.tensor?.strings ?? []) size += 20 + text.length;
  for (const texts of node.texts.values()) for (const text of texts) size += 20 + text.length;
  return size;
}
