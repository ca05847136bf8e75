import type { Rule } from '../../core/rule.ts';

/** What `instantiate` reports. */
export const INSTANTIATE_RULES = [
  {
    id: 'instantiate.dangerous-target',
    title: 'Configuration names a callable that runs code',
    severity: 'critical',
    why: 'Libraries that build objects from a configuration (Hydra `instantiate`, Lightning CLI, NeMo `restore_from`) import the name and call it with arguments from the same file.',
    fix: 'Do not load the model. Report it to where it was published.',
    maps: ['CWE-470', 'CWE-94', 'CVE-2025-23304', 'OWASP-LLM03:2025', 'ATLAS:AML.T0011.000'],
  },
  {
    id: 'instantiate.unknown-target',
    title: 'Configuration names a callable of an unknown package',
    severity: 'medium',
    why: 'Loading imports the package and calls the name with arguments from the same file; nobody has looked at what it does.',
    fix: 'Check what the named callables do, and that the packages they come from are the ones you mean.',
    maps: ['CWE-470', 'OWASP-LLM03:2025'],
  },
  {
    id: 'instantiate.python-tag',
    title: 'YAML asks for a Python object',
    severity: 'high',
    why: 'An unsafe YAML loader imports and calls what a `!!python/…` tag names; a safe loader refuses the file.',
    fix: 'Rewrite the entry as plain data, and load the file with `yaml.safe_load`.',
    maps: ['CWE-502', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
