import type { Rule } from '../../core/rule.ts';

/** What a PMML document can make its evaluator execute. */
export const PMML_RULES = [
  {
    id: 'pmml.java-class',
    title: 'PMML calls a Java class by name',
    severity: 'medium',
    why: 'JPMML loads the class that the document names and runs it. A class on the class path that was never meant for models becomes callable by the model.',
    fix: 'Check that the class belongs to a function library that you installed on purpose; replace it by PMML’s own functions.',
    maps: ['CWE-470'],
  },
  {
    id: 'pmml.script',
    title: 'PMML carries a script',
    severity: 'high',
    why: 'Evaluators that know the extension execute the script while they score.',
    fix: 'Do not deploy it. Export the model without the extension.',
    maps: ['CWE-94', 'OWASP-LLM03:2025'],
  },
] as const satisfies readonly Rule[];
