import type { Rule } from '../../core/rule.ts';

/** What R data can make R execute. */
export const R_DATA_RULES = [
  {
    id: 'r-data.promise',
    title: 'R data holds a promise that runs code',
    severity: 'critical',
    why: 'R evaluates a promise when the object is first touched: reading the file and looking at it runs the attacker’s code.',
    fix: 'Do not load it. Use R 4.4 or later, and take the model from its publisher again.',
    maps: ['CVE-2024-27322', 'CWE-502', 'OWASP-LLM03:2025'],
  },
  {
    id: 'r-data.lazy-value',
    title: 'R data holds a value that is still to be computed',
    severity: 'medium',
    why: 'A function argument that was never looked at is saved as code, which runs when a formula or function of the model looks at it.',
    fix: 'Force the arguments before saving, or fit the model outside functions.',
    maps: ['CWE-502'],
  },
  {
    id: 'r-data.dangerous-call',
    title: 'Saved R code calls the operating system',
    severity: 'high',
    why: 'A function or call inside the model starts programs, loads libraries or fetches code as soon as something evaluates it, as print and predict methods do.',
    fix: 'Do not load it before you have read the function that the message names.',
    maps: ['CWE-94', 'CWE-502', 'OWASP-LLM03:2025'],
  },
  {
    id: 'r-data.code',
    title: 'R data holds functions',
    severity: 'info',
    why: 'Many R models keep functions. They run when the model is used.',
    fix: 'Load models only from sources that you trust with code.',
    maps: [],
  },
  {
    id: 'r-data.foreign-altrep',
    title: 'R data uses an object class of a package',
    severity: 'low',
    why: 'Reading the file loads the package that the class names and runs its deserialiser.',
    fix: 'Check that the package is one that the model needs.',
    maps: ['CWE-502'],
  },
  {
    id: 'r-data.trailing-data',
    title: 'Data behind the R object',
    severity: 'medium',
    why: 'R ignores what follows the object, so it is a hiding place.',
    fix: 'Load the object and save it again.',
    maps: ['CWE-1286'],
  },
] as const satisfies readonly Rule[];
