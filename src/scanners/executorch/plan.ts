import type { Observation } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import { type PlanTensor, readDelegates, readInstructions, readOperatorNames, readValues } from '../../formats/executorch/plan.ts';
import type { ExecuTorchProgram } from '../../formats/executorch/program.ts';
import type { Table } from '../../formats/flatbuffer/flatbuffer.ts';
import type { ExecuTorchRuleId } from './rules.ts';

type Seen = Observation<ExecuTorchRuleId>;

/** Backends that come with ExecuTorch. */
const BACKENDS =
  /^(?:XnnpackBackend|CoreMLBackend|MPSBackend|VulkanBackend|QnnBackend|ArmBackend|EthosUBackend|VgfBackend|CadenceBackend|MediatekBackend|NeuropilotBackend|EnnBackend|OpenvinoBackend|NeutronBackend|CudaBackend|MetalBackend|AotiBackend|BackendWithCompilerDemo|DemoBackend|SamsungBackend)$/;
/** Namespaces of kernels that come with ExecuTorch or with torchao. */
const NAMESPACES =
  /^(?:aten|executorch_prim|quantized_decomposed|dim_order_ops|et_vk|et_copy|cortex_m|llama|cadence|torchao|quantized|prims|higher_order|_empty_dim_order|backend|demos)$/;

/** Checks the values, instructions and delegates of one method. */
export function* inspectPlan(program: ExecuTorchProgram, plan: Table): Generator<Seen> {
  const method = printable(plan.string(0) ?? '').slice(0, 100);
  const bounds = (kind: string, text: string, offset?: number): Seen => ({
    rule: 'executorch.bounds',
    key: `${method} ${kind}`,
    message: `Method "${method}": ${text}.`,
    ...(offset === undefined ? {} : { at: { offset } }),
  });
  const values = plan.vector(2, 4).count;
  const operators = plan.vector(6, 4).count;
  const delegates = plan.vector(7, 4).count;
  const badValue = (index: number): boolean => index < 0 || index >= values;
  for (const value of readValues(plan)) {
    if (value.kind === 'tensor') yield* inspectTensor(program, value, method);
    else {
      const bad = value.values.find(badValue);
      if (bad !== undefined) yield bounds(value.what, `an ${value.what} names value ${bad}, there are ${values}`);
    }
  }
  for (const { operator, delegate, values: names, jump, length, offset } of readInstructions(plan)) {
    const bad = names.find(badValue);
    if (bad !== undefined) yield bounds('argument', `an instruction names value ${bad}, there are ${values}`, offset);
    if (operator !== undefined && (operator < 0 || operator >= operators)) {
      yield bounds('operator', `an instruction calls operator ${operator}, there are ${operators}`, offset);
    }
    if (delegate !== undefined && (delegate < 0 || delegate >= delegates)) {
      yield bounds('delegate', `an instruction calls delegate ${delegate}, there are ${delegates}`, offset);
    }
    // A jump to just behind the last instruction ends the chain.
    if (jump !== undefined && (jump < 0 || jump > length)) yield bounds('jump', `a jump leads to instruction ${jump} of ${length}`, offset);
  }
  for (const { backend, inSegment, index } of readDelegates(plan)) {
    const there = inSegment ? program.segments.length : program.inlineDelegates;
    if (index >= there) yield bounds('delegate data', `the data of a delegate is number ${index} of ${there}`);
    if (!BACKENDS.test(backend)) yield nativeCode(printable(backend).slice(0, 100), 'the backend');
  }
  const namespaces = new Set<string>();
  for (const name of readOperatorNames(plan)) {
    const namespace = name.includes('::') ? name.slice(0, name.indexOf('::')) : name;
    if (!NAMESPACES.test(namespace) && namespaces.size < 64) namespaces.add(printable(namespace).slice(0, 100));
  }
  for (const namespace of namespaces) yield nativeCode(namespace, 'operators of');
}

function nativeCode(name: string, what: string): Seen {
  return { rule: 'executorch.native-code', key: name, message: `The program needs ${what} "${name}".`, evidence: { name } };
}

function* inspectTensor(program: ExecuTorchProgram, tensor: PlanTensor, method: string): Generator<Seen> {
  const { sizes, rankOfOrder, buffer, offset } = tensor;
  const found = (rule: ExecuTorchRuleId, kind: string, text: string): Seen => ({
    rule,
    key: `${method} ${kind}`,
    message: `A tensor of method "${method}" ${text}.`,
    at: { offset },
    evidence: { dims: sizes.slice(0, 16).map(String) },
  });
  if (sizes.some((size) => size < 0)) yield found('executorch.tensor-size', 'negative', 'has a negative dimension');
  // Eight bytes are the widest element.
  if (sizes.reduce((product, size) => product * Math.abs(size), 8) >= 2 ** 63) {
    yield found('executorch.tensor-size', 'overflow', 'has dimensions whose product overflows 64 bits');
  }
  if (rankOfOrder !== 0 && rankOfOrder !== sizes.length) {
    yield found('executorch.tensor-size', 'order', `has ${sizes.length} dimensions and an order of ${rankOfOrder}`);
  }
  if (buffer === 0 || tensor.external || tensor.planned) return;
  const constants = Math.max(program.inlineConstants, program.constants?.offsets.length ?? 0);
  if (buffer >= constants) yield found('executorch.bounds', 'constant', `names constant ${buffer}, there are ${constants}`);
}
