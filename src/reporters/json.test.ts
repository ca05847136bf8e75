import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { Report } from '../core/report.ts';
import { clean } from './fixtures/clean.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { reportSchema } from './json/report-schema.ts';
import { json } from './json.ts';

const reports = { rich, clean, hostile };
const validate = new Ajv2020({ allErrors: true }).compile(reportSchema());

test.each(Object.entries(reports))('%s: the text is the report, exactly', (_name, report) => {
  expect(JSON.parse(json(report, rules))).toEqual(report);
});

test.each(Object.entries(reports))('%s: valid against the published schema and the zod type', (_name, report) => {
  const value: unknown = JSON.parse(json(report, rules));
  validate(value);
  expect(validate.errors).toBeNull();
  expect(Report.safeParse(value).success).toBe(true);
});

test('the schema refuses what is not a report', () => {
  expect(validate({ ...rich, verdict: 'fine' })).toBe(false);
  expect(validate({ ...rich, findings: [{}] })).toBe(false);
});

test('equal reports are equal bytes, however they were put together', () => {
  const reversed = Object.fromEntries(Object.entries(rich).toReversed()) as Report;
  expect(json(reversed, rules)).toBe(json(rich, rules));
});
