import type { Observation } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import { elementTypeName } from '../../formats/onnx/element-types.ts';
import { type OnnxTensor, bytesOf } from '../../formats/onnx/tensor.ts';
import { badNumber, badLocation, unknownKeys } from './external.ts';
import type { OnnxRuleId } from './rules.ts';

/** Elements above which a tensor without any data is a memory bomb and no longer an oversight. */
const MANY_ELEMENTS = 1_000_000;

/** What is wrong with one tensor: where its data lies, and whether shape and data agree. */
export function* inspectTensor(tensor: OnnxTensor): Generator<Observation<OnnxRuleId>> {
  const at = { offset: tensor.offset };
  const name = printable(tensor.name);
  if (tensor.isExternal) yield* inspectExternal(tensor, name);
  const wrong = sizeProblem(tensor);
  if (wrong !== undefined) {
    yield {
      rule: 'onnx.tensor-size',
      key: name,
      message: `Tensor "${name}" ${wrong.text}.`,
      severity: wrong.severity,
      at,
      evidence: { tensor: name, dims: tensor.dims.slice(0, 16).map(String), type: elementTypeName(tensor.type) },
    };
  }
}

function* inspectExternal({ external, offset }: OnnxTensor, name: string): Generator<Observation<OnnxRuleId>> {
  const at = { offset };
  for (const { key, value } of external) {
    if (key !== 'location') continue;
    const path = printable(value).slice(0, 200);
    const escape = badLocation(value);
    if (escape !== undefined) {
      yield {
        rule: 'onnx.external-path',
        key: path,
        message: `Data of tensor "${name}" is read from "${path}", which ${escape}.`,
        at,
        evidence: { tensor: name, location: path },
      };
    } else if (value.includes('\\')) {
      yield {
        rule: 'onnx.external-path',
        key: path,
        severity: 'medium',
        message: `Data of tensor "${name}" is read from "${path}": the backslash is a separator on Windows and a letter elsewhere.`,
        at,
        evidence: { tensor: name, location: path },
      };
    }
  }
  const keys = unknownKeys(external).map((key) => printable(key).slice(0, 80));
  if (keys.length > 0) {
    const list = keys.slice(0, 5).join(', ');
    yield {
      rule: 'onnx.external-key',
      key: keys.toSorted().join(','),
      message: `External data of tensor "${name}" has the unknown keys ${list}.`,
      at,
      evidence: { tensor: name, keys },
    };
  }
  const bad = external.map(badNumber).find((reason) => reason !== undefined);
  if (bad !== undefined) {
    yield { rule: 'onnx.tensor-size', key: name, message: `External data of tensor "${name}": ${bad}.`, at, evidence: { tensor: name } };
  }
}

interface SizeProblem {
  readonly text: string;
  readonly severity: 'medium' | 'high';
}

function sizeProblem(tensor: OnnxTensor): SizeProblem | undefined {
  const { elements, dims, type, rawBytes, typedValues } = tensor;
  if (Number.isNaN(elements)) return { text: 'has a negative dimension', severity: 'high' };
  const bytes = bytesOf(type, elements);
  if (elements >= 2 ** 63 || (bytes ?? 0) >= 2 ** 63) return { text: 'has dimensions whose product overflows 64 bits', severity: 'high' };
  if (tensor.isExternal) {
    const length = tensor.external.findLast((entry) => entry.key === 'length')?.value;
    const differs = length !== undefined && bytes !== undefined && /^\d{1,15}$/.test(length) && Number(length) < bytes;
    return differs ? { text: `needs ${bytes} bytes, ${length} are promised in the external file`, severity: 'high' } : undefined;
  }
  if (rawBytes !== undefined && bytes !== undefined && rawBytes > 0) {
    if (rawBytes === bytes) return undefined;
    return { text: `needs ${bytes} bytes by its shape and holds ${rawBytes}`, severity: rawBytes < bytes ? 'high' : 'medium' };
  }
  const missing = elements > 0 && (rawBytes ?? 0) === 0 && typedValues[1] === 0;
  if (!missing || dims.length === 0) return undefined;
  if (elements >= MANY_ELEMENTS) return { text: `has ${elements} elements by its shape and no data at all`, severity: 'high' };
  return undefined;
}
