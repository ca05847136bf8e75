import type { Observation } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import { type TfliteModel, type TfliteTensor, readOperators, readTensors } from '../../formats/tflite/model.ts';
import { tensorType } from '../../formats/tflite/tensor-types.ts';
import { findCycle } from './cycles.ts';
import type { TfliteRuleId } from './rules.ts';

type Seen = Observation<TfliteRuleId>;

/** Constant tensors of a model: how many, how many values, of which types. */
export interface TensorTotals {
  readonly count: number;
  readonly parameters: number;
  readonly dtypes: Record<string, number>;
}

/** Checks every tensor and operator of all subgraphs; returns what the constants add up to. */
export function* inspectSubgraphs(model: TfliteModel, fileSize: number): Generator<Seen, TensorTotals> {
  const totals = { count: 0, parameters: 0, dtypes: {} as Record<string, number> };
  const edges: Set<number>[] = [];
  for (const subgraph of model.subgraphs()) {
    const index = edges.length;
    const runs = new Set<number>();
    edges.push(runs);
    let tensors = 0;
    for (const tensor of readTensors(subgraph)) {
      tensors++;
      yield* inspectTensor(model, tensor, index);
      const data = model.buffers[tensor.buffer];
      if (data === undefined || data.length === 0) continue;
      const { name, bits } = tensorType(tensor.type);
      totals.count++;
      totals.parameters += bits === 0 ? 0 : Math.floor((data.length * 8) / bits);
      totals.dtypes[name] = (totals.dtypes[name] ?? 0) + 1;
    }
    for (const operator of readOperators(subgraph)) {
      const problem = operatorProblem(model, operator, tensors, fileSize);
      if (problem !== undefined) {
        yield {
          rule: 'tflite.bounds',
          key: `operator ${problem.kind}`,
          message: `An operator of subgraph ${index} ${problem.text}.`,
          at: { offset: operator.offset },
        };
      }
      for (const target of operator.subgraphs) if (target >= 0 && target < model.subgraphCount) runs.add(target);
    }
  }
  const cycle = findCycle(edges);
  if (cycle !== undefined)
    yield { rule: 'tflite.recursion', key: 'subgraph', message: `Subgraph ${cycle} runs itself.`, evidence: { subgraph: cycle } };
  return totals;
}

function* inspectTensor(model: TfliteModel, tensor: TfliteTensor, subgraph: number): Generator<Seen> {
  const name = printable(tensor.name).slice(0, 200);
  const at = { offset: tensor.offset };
  const buffer = model.buffers[tensor.buffer];
  if (buffer === undefined) {
    yield {
      rule: 'tflite.bounds',
      key: 'tensor buffer',
      message: `Tensor "${name}" of subgraph ${subgraph} names buffer ${tensor.buffer}, there are ${model.buffers.length}.`,
      at,
    };
    return;
  }
  const problem = sizeProblem(tensor, buffer.length);
  if (problem === undefined) return;
  const evidence = { tensor: name, dims: tensor.dims.slice(0, 16).map(String), type: tensorType(tensor.type).name };
  yield { rule: 'tflite.tensor-size', key: name, message: `Tensor "${name}" ${problem}.`, at, evidence };
}

function sizeProblem({ type, dims, sparse }: TfliteTensor, length: number): string | undefined {
  const { bits } = tensorType(type);
  // -1 marks a dimension that is known only at run time.
  if (dims.some((dim) => dim < -1)) return 'has a negative dimension';
  const elements = dims.reduce((product, dim) => product * Math.abs(dim), 1);
  if (elements * Math.max(1, bits / 8) >= 2 ** 63) return 'has dimensions whose product overflows 64 bits';
  const needed = Math.ceil((elements * bits) / 8);
  const isConstant = length > 0 && bits > 0 && !sparse && dims.every((dim) => dim >= 0);
  return isConstant && length < needed ? `needs ${needed} bytes by its shape and holds ${length}` : undefined;
}

function operatorProblem(
  model: TfliteModel,
  operator: { opcode: number; tensors: readonly number[]; subgraphs: readonly number[]; largeOptions: { offset: number; size: number } },
  tensors: number,
  fileSize: number,
): { kind: string; text: string } | undefined {
  if (operator.opcode >= model.opcodes.length)
    return { kind: 'code', text: `has code ${operator.opcode}, there are ${model.opcodes.length}` };
  // -1 marks an optional input that is not there.
  const tensor = operator.tensors.find((index) => index < -1 || index >= tensors);
  if (tensor !== undefined) return { kind: 'tensor', text: `uses tensor ${tensor}, there are ${tensors}` };
  const subgraph = operator.subgraphs.find((index) => index < 0 || index >= model.subgraphCount);
  if (subgraph !== undefined) return { kind: 'subgraph', text: `runs subgraph ${subgraph}, there are ${model.subgraphCount}` };
  const { offset, size } = operator.largeOptions;
  if (offset > 1 && offset + size > fileSize) return { kind: 'options', text: 'has options that lie outside of the file' };
  return undefined;
}
