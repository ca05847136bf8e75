import type { Rule } from '../../core/rule.ts';

/** What `torchserve` reports. */
export const TORCHSERVE_RULES = [
  {
    id: 'torchserve.custom-handler',
    title: 'Model archive brings its own handler',
    severity: 'medium',
    why: 'TorchServe imports the handler and runs it for every request, with the rights of the server.',
    fix: 'Review the handler, or use one of TorchServe’s built-in handlers.',
    maps: ['CWE-829', 'OWASP-LLM03:2025'],
  },
  {
    id: 'torchserve.path-escape',
    title: 'Model archive refers to a file outside itself',
    severity: 'high',
    why: 'The server joins the path to the folder it unpacked: it runs, or deserializes, a file that was not delivered and not scanned.',
    fix: 'Build the archive again with all its files inside.',
    maps: ['CWE-22', 'CWE-73', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
