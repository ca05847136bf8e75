import type { Rule } from '../../core/rule.ts';

/** What `remote-code` reports. */
export const REMOTE_CODE_RULES = [
  {
    id: 'remote-code.custom-code',
    title: 'Model needs its own Python code',
    severity: 'medium',
    why: 'Loading it with `trust_remote_code=True` runs these files with the rights of whoever loads the model.',
    fix: 'Review the named files, pin the revision when loading, or use a model whose architecture the library has built in.',
    maps: ['CWE-829', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011.000'],
  },
  {
    id: 'remote-code.other-repository',
    title: 'Model runs code of another repository',
    severity: 'high',
    why: 'Code is fetched from a repository that was not scanned and whose owner can change it at any time without changing this one.',
    fix: 'Copy the reviewed code into this repository and change the reference, or load with `code_revision` pinned to a commit.',
    maps: ['CWE-829', 'CWE-494', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011.000'],
  },
  {
    id: 'remote-code.missing-file',
    title: 'Configuration names Python code that is not there',
    severity: 'medium',
    why: 'The code that would run was not scanned: it is fetched from elsewhere, or whoever can add a file of that name decides what runs.',
    fix: 'Fetch the whole repository and scan it again, or remove the reference.',
    maps: ['CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'remote-code.trust-flag',
    title: 'Configuration sets trust_remote_code itself',
    severity: 'medium',
    why: 'Whether to run code of a repository is a decision of whoever loads it. Tools that pass the configuration on take it from the repository.',
    fix: 'Remove `trust_remote_code` from the file.',
    maps: ['CWE-829', 'CWE-807', 'OWASP-LLM03:2025'],
  },
  {
    id: 'remote-code.dangerous-code',
    title: 'Code that runs with the model does something dangerous',
    severity: 'high',
    why: 'The file runs when the model is loaded, with the rights of whoever loads it.',
    fix: 'Read the file at the line shown. If the model needs it, vendor a reviewed copy and pin its digest; otherwise use another model.',
    maps: ['CWE-94', 'CWE-506', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011.000'],
  },
  {
    id: 'remote-code.import-effect',
    title: 'Python file beside a model does something dangerous when imported',
    severity: 'medium',
    why: 'Nothing here names the file as part of the model, but importing it, or installing the folder, runs this code.',
    fix: 'Read the file at the line shown, and leave it out of what is deployed.',
    maps: ['CWE-506', 'OWASP-LLM03:2025'],
  },
  {
    id: 'remote-code.pickle-module',
    title: 'Pickle runs Python code that lies beside it',
    severity: 'medium',
    why: 'Loading the pickle imports the file, which runs it: the pickle and the code are one program.',
    fix: 'Review the named file, or publish the weights as safetensors and the code as a package.',
    maps: ['CWE-502', 'CWE-829', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
