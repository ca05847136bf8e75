import type { Rule } from '../../core/rule.ts';

/** What a document type can do to the program that reads the document. */
export const XML_RULES = [
  {
    id: 'xml.external-entity',
    title: 'XML reads content from outside (XXE)',
    severity: 'high',
    why: 'A parser that follows the reference reads local files or calls addresses of the attacker’s choice on behalf of whoever loads the model.',
    fix: 'Do not load it. Remove the document type: models need none.',
    maps: ['CWE-611', 'CWE-918'],
  },
  {
    id: 'xml.nested-entity',
    title: 'XML entities built from entities',
    severity: 'high',
    why: 'A few lines of such entities expand to gigabytes in the parser, or assemble declarations that a filter does not see.',
    fix: 'Do not load it. Remove the document type: models need none.',
    maps: ['CWE-776'],
  },
  {
    id: 'xml.entity',
    title: 'XML with entities of its own',
    severity: 'medium',
    why: 'Model exporters declare no entities. What the file says depends on whether the reader expands them.',
    fix: 'Export the model again, or replace the entities by their text and remove the document type.',
    maps: ['CWE-827'],
  },
] as const satisfies readonly Rule[];
