import { expect, test } from 'vitest';
import type { Finding } from '../core/finding.ts';
import { hostile, HOSTILE } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { markdown } from './markdown.ts';
import { markdownText } from './text/markdown-text.ts';

test('hostile text has nothing left that Markdown, HTML or GitHub acts on', () => {
  expect(markdownText(HOSTILE)).not.toMatch(/[|<>`*_[\](){}@:!"'\\\n$]/);
  expect(markdownText(HOSTILE).replaceAll(/&#\d+;/g, '')).not.toMatch(/[#&]/);
  const text = markdown(hostile, rules);
  expect(text).not.toContain('<script');
  expect(text).not.toMatch(/^::/m);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  for (const row of rows) expect(row.match(/\|/g)?.length).toBe(5);
});

test('stays below the limit of a step summary and says what was cut', () => {
  const [model] = rich.findings;
  if (model === undefined) throw new Error('the rich report has findings');
  const findings = Array.from({ length: 5_000 }, (_, index): Finding => ({
    ...model,
    id: `m${index}`,
    key: `k${index}`,
    message: 'x'.repeat(500),
  }));
  const text = markdown({ ...rich, findings }, rules);
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text).toMatch(/> Cut: [\d,]+ more sections would exceed/);
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
});
