import { expect, test } from 'vitest';
import { UNREAD_RULES } from '../policy/input-document.ts';
import { RULES } from './rule-set.ts';

test('every rule that gates treat as "content was not read" exists', () => {
  expect([...UNREAD_RULES].filter((rule) => !RULES.has(rule))).toEqual([]);
});
