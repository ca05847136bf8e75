import { CordonError } from '../../core/errors.ts';
import { SECRET_PATTERNS } from '../../patterns/secrets/index.ts';
import { detector, NOT_OPERATOR } from '../detector.ts';
import { inspectPatterns, rulesOf } from '../pattern-rules.ts';

const ENTITIES: ReadonlySet<string> = new Set(SECRET_PATTERNS.map(({ entity }) => entity));

/** Keys, tokens and passwords: the same patterns as for files. */
export const secrets = detector({
  id: 'secrets',
  title: 'Secrets',
  rules: rulesOf(SECRET_PATTERNS, {
    severity: 'high',
    why: 'A key in a conversation is in the provider’s logs, and whoever reads them can use it.',
    fix: 'Revoke the key, and redact it before the text goes on.',
    maps: ['OWASP-LLM02:2025', 'CWE-798', 'CWE-532'],
  }),
  channels: NOT_OPERATOR,
  compile: ({ except = [] }) => {
    const unknown = except.find((name) => !ENTITIES.has(name));
    if (unknown !== undefined) throw new CordonError('config.invalid', `guard: secrets: there is no entity ${JSON.stringify(unknown)}`);
    return inspectPatterns(SECRET_PATTERNS.filter(({ entity }) => !except.includes(entity)));
  },
});
