import { CordonError } from '../../core/errors.ts';
import { PII_PATTERNS } from '../../patterns/pii/index.ts';
import { detector, NOT_OPERATOR } from '../detector.ts';
import { inspectPatterns, rulesOf } from '../pattern-rules.ts';

const ENTITIES: ReadonlySet<string> = new Set(PII_PATTERNS.map(({ entity }) => entity));

/** Personal data: what identifies a person, with checksums where there are any. */
export const pii = detector({
  id: 'pii',
  title: 'Personal data',
  rules: rulesOf(PII_PATTERNS, {
    severity: 'medium',
    why: 'Personal data in prompts reaches model providers, logs and training sets; in answers it reaches whoever asked.',
    fix: 'Redact it with pseudonyms that are restored for the person entitled to see them.',
    maps: ['OWASP-LLM02:2025', 'CWE-359'],
  }),
  channels: NOT_OPERATOR,
  compile: ({ entities, except = [] }) => {
    const unknown = [...(entities ?? []), ...except].find((name) => !ENTITIES.has(name));
    if (unknown !== undefined) throw new CordonError('config.invalid', `guard: pii: there is no entity ${JSON.stringify(unknown)}`);
    return inspectPatterns(PII_PATTERNS.filter(({ entity }) => (entities?.includes(entity) ?? true) && !except.includes(entity)));
  },
});
