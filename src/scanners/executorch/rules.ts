import type { Rule } from '../../core/rule.ts';

/** What the ExecuTorch scanner finds. */
export const EXECUTORCH_RULES = [
  {
    id: 'executorch.bounds',
    title: 'Segment or reference out of bounds',
    severity: 'high',
    why: 'The runtime follows offsets and numbers of the program without looking and reads or writes memory outside of it. Several heap overflows were found this way.',
    fix: 'Do not load the program. Export it again from its source.',
    maps: ['CWE-125', 'CWE-787', 'CWE-190'],
  },
  {
    id: 'executorch.tensor-size',
    title: 'Tensor with impossible dimensions',
    severity: 'high',
    why: 'The runtime multiplies the dimensions to size memory: a product that overflows makes the memory too small for what is copied into it.',
    fix: 'Do not load the program. Export it again from its source.',
    maps: ['CWE-190', 'CWE-787'],
  },
  {
    id: 'executorch.native-code',
    title: 'Delegate or operator that the runtime does not bring along',
    severity: 'low',
    why: 'The program needs native code that the application links in and that this scan has not seen.',
    fix: 'Check that the backend or kernel library comes from a publisher you trust.',
    maps: ['CWE-829'],
  },
] as const satisfies readonly Rule[];

export type ExecuTorchRuleId = (typeof EXECUTORCH_RULES)[number]['id'];
