import { type GraphMemory, type KeptNode, nodeName } from './graph.ts';

/** Which text reaches an input: the constants, whether all of it is known, and whether it is an asset of the model. */
export interface Resolved {
  readonly values: readonly string[];
  readonly complete: boolean;
  readonly asset: boolean;
}

const UNKNOWN: Resolved = { values: [], complete: false, asset: false };
const ASSET: Resolved = { values: [], complete: true, asset: true };
const MAX_DEPTH = 24;
/** Why bounded: a graph can fan in so that the number of ways through it is exponential. */
const MAX_VISITS = 2000;
const MAX_VALUES = 64;

/** Text that an attribute holds as it is. */
export function attributeText(node: KeptNode, names: readonly string[]): Resolved {
  return { values: names.flatMap((name) => node.texts.get(name) ?? []), complete: true, asset: false };
}

/** Follows the inputs of a node at the positions given back to constants, through calls and variables. */
export function inputText(memory: GraphMemory, node: KeptNode, positions: readonly number[]): Resolved {
  const state = { visits: 0 };
  const data = node.inputs.filter((input) => !input.startsWith('^'));
  const found = positions.flatMap((position) => {
    const reference = data[position];
    return reference === undefined ? [] : [follow(memory, node, reference, 0, state)];
  });
  return found.length === 0 ? UNKNOWN : union(found);
}

function follow(memory: GraphMemory, from: KeptNode, reference: string, depth: number, state: { visits: number }): Resolved {
  if (depth > MAX_DEPTH || ++state.visits > MAX_VISITS) return UNKNOWN;
  const { scope } = from;
  const again = (node: KeptNode, input: string): Resolved => follow(memory, node, input, depth + 1, state);
  const position = memory.argumentOf(scope, reference);
  if (position >= 0) {
    const calls = memory.callsOf(scope).flatMap((call) => {
      const input = call.inputs.filter((name) => !name.startsWith('^'))[position];
      return input === undefined ? [] : [again(call, input)];
    });
    return calls.length === 0 ? UNKNOWN : union(calls);
  }
  if (scope.functionName === undefined && memory.isAsset(nodeName(reference))) return ASSET;
  const node = memory.node(scope, reference);
  if (node === undefined) return UNKNOWN;
  const inputs = node.inputs.filter((input) => !input.startsWith('^'));
  switch (node.op) {
    case 'Const':
      return { values: (node.tensor?.strings ?? []).slice(0, MAX_VALUES), complete: node.tensor?.cut === false, asset: false };
    case 'IdentityN': {
      const index = Number(/:(\d+)$/.exec(reference)?.[1] ?? 0);
      return inputs[index] === undefined ? UNKNOWN : again(node, inputs[index]);
    }
    case 'StringJoin':
      return join(
        inputs.map((input) => again(node, input)),
        node.texts.get('separator')?.[0] ?? '',
      );
    case 'DecodeBase64': {
      const encoded = inputs[0] === undefined ? UNKNOWN : again(node, inputs[0]);
      return { ...encoded, values: encoded.values.map((value) => Buffer.from(value, 'base64url').toString('utf8')) };
    }
    case 'Select':
    case 'SelectV2':
      return union(inputs.slice(1, 3).map((input) => again(node, input)));
    case 'ReadVariableOp':
    case 'VariableV2':
    case 'Variable': {
      const variable = node.op === 'ReadVariableOp' ? (inputs[0] ?? '') : node.name;
      const assigned = memory
        .assignmentsTo(scope, variable)
        .flatMap((assign) => (assign.inputs[1] === undefined ? [] : [again(assign, assign.inputs[1])]));
      return assigned.length === 0 ? UNKNOWN : union(assigned);
    }
    case 'Pack':
    case 'Concat':
    case 'ConcatV2':
    case 'Merge':
    case 'RefMerge':
    case 'TensorDataset':
    case 'TensorSliceDataset':
      return inputs.length === 0 ? UNKNOWN : union(inputs.map((input) => again(node, input)));
    case 'Placeholder':
    case 'VarHandleOp':
      return UNKNOWN;
    default:
      return inputs[0] === undefined || isOpaque(node) ? UNKNOWN : again(node, inputs[0]);
  }
}

/** A call, or a dangerous operator whose output is content and not the text it was given. */
function isOpaque(node: KeptNode): boolean {
  return node.functions.length > 0 || /^(?:ReadFile|MatchingFiles|PyFunc|EagerPyFunc|PyFuncStateless)$/.test(node.op);
}

function union(parts: readonly Resolved[]): Resolved {
  return {
    values: [...new Set(parts.flatMap((part) => part.values))].slice(0, MAX_VALUES),
    complete: parts.every((part) => part.complete),
    asset: parts.length > 0 && parts.every((part) => part.asset),
  };
}

/** Texts put together; a part that is not known shows as `*`. */
function join(parts: readonly Resolved[], separator: string): Resolved {
  const values = [parts.map((part) => part.values[0] ?? '*').join(separator)];
  const complete = parts.every((part) => part.complete && part.values.length === 1);
  return parts.every((part) => part.values.length === 0) ? UNKNOWN : { values, complete, asset: false };
}
