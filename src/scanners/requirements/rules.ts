import type { Rule } from '../../core/rule.ts';

/** What `requirements` reports. */
export const REQUIREMENTS_RULES = [
  {
    id: 'requirements.other-index',
    title: 'Model’s requirements name another package index',
    severity: 'medium',
    why: 'Serving tools install the requirements of a model. Packages then come from whoever runs the index, also those whose names are known from PyPI.',
    fix: 'Remove the option and configure the index where the model is served.',
    maps: ['CWE-829', 'CWE-427', 'OWASP-LLM03:2025'],
  },
  {
    id: 'requirements.insecure-index',
    title: 'Model’s requirements turn off the protection of downloads',
    severity: 'high',
    why: 'Without TLS anybody on the network decides what is installed, and installing a package runs its code.',
    fix: 'Remove `--trusted-host` and use https.',
    maps: ['CWE-319', 'CWE-295', 'OWASP-LLM03:2025'],
  },
  {
    id: 'requirements.direct-reference',
    title: 'Model’s requirements install from an address',
    severity: 'medium',
    why: 'What lies at the address can change after the model was reviewed, and installing it runs its code.',
    fix: 'Name a released version in an index, or pin the commit and the hash.',
    maps: ['CWE-829', 'CWE-494', 'OWASP-LLM03:2025'],
  },
  {
    id: 'requirements.outside-file',
    title: 'Model’s requirements refer to a file outside the model',
    severity: 'medium',
    why: 'The installer reads a file that was not delivered with the model and not scanned.',
    fix: 'List the requirements in the model’s own file.',
    maps: ['CWE-22', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
