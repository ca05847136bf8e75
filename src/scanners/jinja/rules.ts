import type { Rule } from '../../core/rule.ts';

const REPLACE = 'Replace the template by the one of the original model, and do not render this one.';
const SSTI = ['CWE-1336', 'CWE-94', 'CVE-2024-34359', 'OWASP-LLM03:2025', 'ATLAS:AML.T0010'] as const;

/** What the Jinja scanner can find. */
export const RULES = [
  {
    id: 'jinja.internal-access',
    title: 'Template reaches for Python internals',
    severity: 'critical',
    why: 'Attributes such as __class__ and __globals__ lead from any value to os.system. A loader without a sandbox runs it when it renders the first message.',
    fix: REPLACE,
    maps: [...SSTI, 'CVE-2026-5760'],
  },
  {
    id: 'jinja.dangerous-call',
    title: 'Template calls a function that runs code or opens files',
    severity: 'critical',
    why: 'No template needs eval, popen or import. Where they can be reached, rendering the first message runs the attacker’s command.',
    fix: REPLACE,
    maps: SSTI,
  },
  {
    id: 'jinja.computed-name',
    title: 'Template computes the name of an attribute',
    severity: 'high',
    why: 'Ordinary templates write attribute names down. Names put together from pieces hide __class__ from readers and scanners.',
    fix: REPLACE,
    maps: SSTI,
  },
  {
    id: 'jinja.gadget',
    title: 'Template uses an object that payloads start from',
    severity: 'medium',
    why: 'lipsum, self and the objects of web frameworks have no use in a chat template, but they are the usual way to the interpreter.',
    fix: REPLACE,
    maps: SSTI,
  },
  {
    id: 'jinja.file-reference',
    title: 'Template loads another file',
    severity: 'high',
    why: 'include, import and extends make the renderer read files that were not delivered with the template, or secrets of the host.',
    fix: 'Put the content of the other file into the template.',
    maps: ['CWE-829', 'CWE-98'],
  },
  {
    id: 'jinja.hidden-instruction',
    title: 'Template puts words of its own into the prompt',
    severity: 'medium',
    why: 'An address, or an instruction that a trigger in the user’s text or a date adds: words that neither user nor operator wrote, and a backdoor without changed weights.',
    fix: 'Compare the template with the one of the original model; remove what it adds.',
    maps: ['CWE-506', 'OWASP-LLM01:2025', 'OWASP-LLM03:2025'],
  },
  {
    id: 'jinja.resource-exhaustion',
    title: 'Template builds something enormous',
    severity: 'medium',
    why: 'Rendering takes the memory or the time of the server: one request stops the service.',
    fix: REPLACE,
    maps: ['CWE-400'],
  },
  {
    id: 'jinja.duplicate-template',
    title: 'File has two templates under one key',
    severity: 'high',
    why: 'One reader takes the first, another the last: what was reviewed is not what is rendered.',
    fix: 'Keep one of them.',
    maps: ['CWE-436', 'CWE-694'],
  },
  {
    id: 'jinja.unparsable',
    title: 'Chat template is not valid Jinja',
    severity: 'medium',
    why: 'What cannot be parsed cannot be checked. Either the template is broken, or it is made for an engine of its own.',
    fix: 'Replace the template by the one of the original model.',
    maps: ['CWE-20'],
  },
] as const satisfies readonly Rule[];

export type JinjaRuleId = (typeof RULES)[number]['id'];
