import type { Rule } from '../../core/rule.ts';

/** What `skops` reports. */
export const SKOPS_RULES = [
  {
    id: 'skops.dangerous-type',
    title: 'skops file names something that runs code',
    severity: 'critical',
    why: 'Loading with the type in the trusted list (or in a version that does not check it) calls it.',
    fix: 'Do not load the model. Report it to where it was published.',
    maps: ['CWE-502', 'CWE-470', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011.000'],
  },
  {
    id: 'skops.unknown-type',
    title: 'skops file names a type of an unknown package',
    severity: 'medium',
    why: 'skops asks whoever loads the file to trust the type; nobody has looked at what constructing it does.',
    fix: 'Check the named types before you add them to `trusted`.',
    maps: ['CWE-502', 'OWASP-LLM03:2025'],
  },
  {
    id: 'skops.method-node',
    title: 'skops file fetches a method from an object',
    severity: 'medium',
    why: 'Up to 0.11 skops checked the type a MethodNode declares, not the attribute it fetches: any attribute chain could be reached.',
    fix: 'Load only with skops 0.12 or later, and write the model without bound methods.',
    maps: ['CWE-502', 'CVE-2025-54413', 'OWASP-LLM03:2025'],
  },
  {
    id: 'skops.operator-node',
    title: 'skops file builds an operator that calls what it is given',
    severity: 'high',
    why: 'Up to 0.11 skops checked the name an OperatorFuncNode declares but fetched it from `operator`, so that a trusted name hid another callable.',
    fix: 'Do not load the model with skops before 0.12. Ask for one written without the node.',
    maps: ['CWE-502', 'CVE-2025-54412', 'OWASP-LLM03:2025'],
  },
  {
    id: 'skops.unknown-node',
    title: 'skops file uses a node kind that skops does not have',
    severity: 'medium',
    why: 'What an unknown node kind does on loading cannot be said.',
    fix: 'Check which library wrote the file.',
    maps: ['CWE-502'],
  },
  {
    id: 'skops.not-an-archive',
    title: 'File named .skops is no skops archive',
    severity: 'high',
    why: 'Tools that load `.skops` files, model cards among them, have fallen back to joblib, which executes pickles.',
    fix: 'Do not load it. Ask for a file written by `skops.io.dump`.',
    maps: ['CWE-502', 'CWE-646', 'CVE-2025-54886', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
