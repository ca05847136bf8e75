import type { Rule } from '../../core/rule.ts';
import type { SinkKind } from '../../patterns/python-sinks/sink.ts';

const FIX =
  'Read the file at the line shown. If the model needs it, vendor a reviewed copy and pin its digest; otherwise use another model.';

/** One rule for each thing that Python shipped with a model must not do unseen. */
export const PYTHON_CODE_RULES = [
  {
    id: 'python-code.decoded-code',
    title: 'Code decodes data and executes it',
    severity: 'critical',
    why: 'Encoding a program inside a program serves only to hide it from readers and scanners.',
    fix: 'Do not use the model. Report it to where it was published.',
    maps: ['CWE-506', 'CWE-94', 'ATLAS:AML.T0011.000', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.downloaded-code',
    title: 'Code is downloaded and executed',
    severity: 'critical',
    why: 'What runs is decided by a server at run time, so no review of these files says anything about it.',
    fix: 'Do not use the model. Report it to where it was published.',
    maps: ['CWE-494', 'CWE-829', 'ATLAS:AML.T0011.000', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.reverse-shell',
    title: 'Code opens a shell to another machine',
    severity: 'critical',
    why: 'A socket joined to a shell gives somebody else control of the machine that loads the model.',
    fix: 'Do not use the model. Treat machines that loaded it as compromised.',
    maps: ['CWE-506', 'ATLAS:AML.T0011.000', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.exfiltration',
    title: 'Code sends the environment or the identity of the machine away',
    severity: 'critical',
    why: 'Environment variables hold tokens and passwords; names of hosts and users tell an attacker whom the code has reached.',
    fix: 'Do not use the model. Rotate the secrets of machines that loaded it.',
    maps: ['CWE-200', 'CWE-506', 'ATLAS:AML.T0011.000', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.process',
    title: 'Code shipped with the model starts a process',
    severity: 'high',
    why: 'A model computes. A process it starts acts with the rights of whoever loads the model.',
    fix: FIX,
    maps: ['CWE-78', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.package-install',
    title: 'Code shipped with the model installs packages',
    severity: 'high',
    why: 'Installing a package runs its code, and changes the environment of everything else that runs there.',
    fix: 'Install the named package yourself from a trusted index, pinned, and remove the call.',
    maps: ['CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.dynamic-code',
    title: 'Code shipped with the model executes text or bytes as code',
    severity: 'high',
    why: 'Whoever controls the text controls the process, and the text need not be in the files that were reviewed.',
    fix: FIX,
    maps: ['CWE-94', 'CWE-95', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.computed-name',
    title: 'Code reaches a dangerous module by a computed name',
    severity: 'high',
    why: 'Computing a name that could be written out hides what is called.',
    fix: FIX,
    maps: ['CWE-506', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.unsafe-load',
    title: 'Code shipped with the model unpickles data',
    severity: 'medium',
    why: 'Unpickling executes whatever the data asks for.',
    fix: 'Replace the pickle by safetensors or JSON.',
    maps: ['CWE-502', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.native-code',
    title: 'Code shipped with the model loads or compiles native code',
    severity: 'medium',
    why: 'Native code runs without any of the checks that apply to Python, and cannot be reviewed from the model.',
    fix: FIX,
    maps: ['CWE-114', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.network',
    title: 'Code shipped with the model opens a connection when it is imported',
    severity: 'high',
    why: 'Importing a module must not talk to the network: it tells somebody where the model is used, and can fetch a second stage.',
    fix: FIX,
    maps: ['CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.deletes-files',
    title: 'Code shipped with the model deletes files',
    severity: 'high',
    why: 'Deletion acts with the rights of whoever loads the model.',
    fix: FIX,
    maps: ['CWE-506', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.sensitive-path',
    title: 'Code shipped with the model touches credentials or start-up files',
    severity: 'high',
    why: 'Keys, tokens and start-up files have nothing to do with computing a model: reading them is theft, writing them is persistence.',
    fix: 'Do not use the model. Report it to where it was published.',
    maps: ['CWE-552', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.torchscript-file',
    title: 'TorchScript code reads or writes files',
    severity: 'high',
    why: 'TorchScript operators such as `aten::save` and `aten::from_file` let a model write or read files wherever it is run.',
    fix: 'Export the model again from source you trust, without the operator.',
    maps: ['CWE-73', 'OWASP-LLM03:2025'],
  },
  {
    id: 'python-code.encoding',
    title: 'Source declares an encoding that hides code',
    severity: 'high',
    why: 'With encodings such as `utf-7` or `raw_unicode_escape`, what every reader takes for a comment or a string is code to Python.',
    fix: 'Convert the file to UTF-8 and read it again.',
    maps: ['CWE-176', 'CWE-506'],
  },
] as const satisfies readonly Rule[];

type RuleId = (typeof PYTHON_CODE_RULES)[number]['id'];

/** The rule for each kind of sink. */
export const RULE_OF_SINK: Readonly<Record<SinkKind, RuleId>> = {
  'decoded-code': 'python-code.decoded-code',
  'downloaded-code': 'python-code.downloaded-code',
  'reverse-shell': 'python-code.reverse-shell',
  exfiltration: 'python-code.exfiltration',
  process: 'python-code.process',
  'package-install': 'python-code.package-install',
  'dynamic-code': 'python-code.dynamic-code',
  'computed-name': 'python-code.computed-name',
  'unsafe-load': 'python-code.unsafe-load',
  'native-code': 'python-code.native-code',
  network: 'python-code.network',
  'deletes-files': 'python-code.deletes-files',
  'sensitive-path': 'python-code.sensitive-path',
  'torchscript-file': 'python-code.torchscript-file',
};
