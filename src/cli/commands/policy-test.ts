import { dirname, join, relative, resolve } from 'node:path';
import { Config } from '../../core/config.ts';
import { policySources } from '../../engine/policy-sources.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { openPolicy, type Policy } from '../../policy/open-policy.ts';
import { type CaseResult, loadPolicyTests, runPolicyTests } from '../../policy/testing/table-test.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readNamedFile } from './read-file.ts';

/** `cordon policy test`: asks a policy for decisions on the inputs of a table and compares. Exit code 1 when one differs. */
export async function policyTestCommand(file: string, io: Io): Promise<number> {
  const tests = loadPolicyTests(await readNamedFile(file, io), file);
  const policyFile = tests.policy === undefined ? undefined : join(dirname(resolve(io.cwd, file)), tests.policy);
  const config =
    policyFile === undefined ? Config.parse({}) : loadConfig(await readNamedFile(policyFile, io), relative(io.cwd, policyFile));
  const folder = dirname(policyFile ?? resolve(io.cwd, file));
  const sources = policySources(config, folder, io.env);
  const policies = new Map<string, Policy>();
  const results = await runPolicyTests(tests, async (gate, input) => {
    let policy = policies.get(gate);
    if (policy === undefined) {
      policy = await openPolicy(config, gate, sources);
      policies.set(gate, policy);
    }
    return policy.decide(input);
  });
  await sources.close();
  for (const result of results) io.stdout.write(caseText(result));
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  io.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? EXIT.allowed : EXIT.denied;
}

function caseText({ name, gate, decision, differences }: CaseResult): string {
  if (differences.length === 0) return `ok    ${name}\n`;
  const lines = differences.flatMap(({ what, expected, actual }) => [
    `      ${what}`,
    `        - expected: ${expected}`,
    `        + decided:  ${actual}`,
  ]);
  const reasons = decision.reasons.map(
    ({ id, effect, message, inputs }) => `        ${effect} ${id}: ${message}${inputs.length === 0 ? '' : ` [${inputs.join(', ')}]`}`,
  );
  const because = reasons.length === 0 ? [] : [`      gate ${gate} decided ${decision.effect} because`, ...reasons];
  return [`FAIL  ${name}`, ...lines, ...because, ''].join('\n');
}
