import type { Rule } from '../../core/rule.ts';

/** What the ONNX scanner finds. */
export const ONNX_RULES = [
  {
    id: 'onnx.external-path',
    title: 'Tensor data is read from outside of the model folder',
    severity: 'high',
    why: 'The loader opens the file that the model names. A path that leaves the folder of the model reads any file of the host into the model, and saving the model again writes there.',
    fix: 'Do not load the model. Ask for one whose external data lies beside it under a plain relative name.',
    maps: ['CWE-22', 'CVE-2022-25882', 'CVE-2024-27318', 'CVE-2024-5187', 'CVE-2025-51480', 'OWASP-LLM03:2025'],
  },
  {
    id: 'onnx.external-key',
    title: 'External data carries keys that no specification knows',
    severity: 'high',
    why: 'The Python loader sets every key as an attribute of its own object, so a key can overwrite what the loader relies on.',
    fix: 'Save the model again with onnx.save_model from a trusted copy; only location, offset, length, checksum and basepath are known keys.',
    maps: ['CWE-915', 'CVE-2026-34445'],
  },
  {
    id: 'onnx.python-operator',
    title: 'Operator that runs Python code',
    severity: 'critical',
    why: 'The runtime imports the module and calls the function that the model names as soon as the graph runs.',
    fix: 'Do not run the model. Ask for an export that uses standard operators only.',
    maps: ['CWE-94', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
  {
    id: 'onnx.custom-operator',
    title: 'Operator that is neither standard nor defined in the model',
    severity: 'medium',
    why: 'Such an operator runs native code from a library that must be loaded beside the model and that this scan has not seen.',
    fix: 'Find out which library implements the operator and review it, or ask for an export with standard operators.',
    maps: ['CWE-829', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
  {
    id: 'onnx.tensor-size',
    title: 'Tensor shape and data do not agree',
    severity: 'high',
    why: 'Runtimes allocate by the shape and copy by the data: where the two differ, they exhaust memory or read and write out of bounds.',
    fix: 'Fetch the model again and compare its digest with the publisher’s. onnx.checker.check_model names the tensor.',
    maps: ['CWE-190', 'CWE-789', 'CWE-125'],
  },
] as const satisfies readonly Rule[];

export type OnnxRuleId = (typeof ONNX_RULES)[number]['id'];
