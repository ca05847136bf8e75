import type { Rule } from '../../core/rule.ts';

/** What the Paddle scanner finds. */
export const PADDLE_RULES = [
  {
    id: 'paddle.python-call',
    title: 'Program calls a Python function of the host process',
    severity: 'high',
    why: 'The operator calls whatever function is registered under its number in the process that runs the program.',
    fix: 'Ask for a program that only computes.',
    maps: ['CWE-470', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
  {
    id: 'paddle.host-access',
    title: 'Program reads or writes files, or talks to other hosts',
    severity: 'high',
    why: 'An inference program has its weights handed to it. Operators that open files or connections act on the host of whoever runs it.',
    fix: 'Export the program again for inference, from its source.',
    maps: ['CWE-73', 'CWE-918', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'],
  },
  {
    id: 'paddle.custom-engine',
    title: 'Program runs an engine that a compiler left behind',
    severity: 'low',
    why: 'The operator runs code that another compiler generated for a device and that this scan has not seen.',
    fix: 'Prefer the program before compilation.',
    maps: ['CWE-829'],
  },
] as const satisfies readonly Rule[];

export type PaddleRuleId = (typeof PADDLE_RULES)[number]['id'];
