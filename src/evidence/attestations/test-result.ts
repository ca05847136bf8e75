import * as z from 'zod';
import { ResourceDescriptor } from './resource-descriptor.ts';

const Names = z.array(z.string().min(1).max(1000)).max(100_000).default([]);

/** The outcome of an evaluation or a red-team run (`cordon attest --type test-result --from FILE`). */
export const TestRun = z
  .strictObject({
    configuration: z.array(ResourceDescriptor).max(1000).default([]).describe('what was run: suites, prompts, settings'),
    url: z.url().max(2000).optional(),
    passedTests: Names,
    warnedTests: Names,
    failedTests: Names,
    result: z.enum(['PASSED', 'WARNED', 'FAILED']).optional().describe('default: from the lists'),
    metrics: z.record(z.string().max(200), z.union([z.number(), z.string().max(1000)])).optional(),
  })
  .describe('a test run');
export type TestRun = z.infer<typeof TestRun>;

/** The in-toto test result predicate. A result that is better than its own lists is refused: `config.invalid` is the caller's to throw. */
export function testResultPredicate({ result, metrics, ...run }: TestRun): object {
  const found = run.failedTests.length > 0 ? 'FAILED' : run.warnedTests.length > 0 ? 'WARNED' : 'PASSED';
  return { result: result ?? found, ...run, ...(metrics !== undefined && { metrics }) };
}

/** Whether a run says it went better than its own lists show. */
export function contradictsItself({ result, failedTests, warnedTests }: TestRun): boolean {
  if (result === 'PASSED') return failedTests.length > 0 || warnedTests.length > 0;
  return result === 'WARNED' && failedTests.length > 0;
}
