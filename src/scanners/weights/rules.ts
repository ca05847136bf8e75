import type { Rule } from '../../core/rule.ts';

/** What `weights` reports. */
export const WEIGHTS_RULES = [
  {
    id: 'weights.missing-shard',
    title: 'Weights are listed but absent',
    severity: 'medium',
    why: 'What was scanned is not the whole model: the missing files are fetched later, from somewhere, unscanned.',
    fix: 'Fetch the whole repository and scan it again.',
    maps: ['CWE-353', 'OWASP-LLM03:2025'],
  },
  {
    id: 'weights.index-escape',
    title: 'Weight index names a file outside the model',
    severity: 'high',
    why: 'The loader joins the name to the model folder: it reads, and for pickles executes, a file that was not delivered and not scanned.',
    fix: 'Do not load the model. Ordinary tools write plain file names.',
    maps: ['CWE-22', 'CWE-73', 'OWASP-LLM03:2025'],
  },
  {
    id: 'weights.pickle-beside-safetensors',
    title: 'Pickle beside equal safetensors',
    severity: 'info',
    why: 'Loaders that do not prefer safetensors execute the pickle, which holds nothing that the safetensors file lacks.',
    fix: 'Delete the pickle.',
    maps: ['CWE-502'],
  },
] as const satisfies readonly Rule[];
