import { dirname, resolve } from 'node:path';
import { printable } from '../../core/printable.ts';
import { policySources } from '../../engine/policy-sources.ts';
import { RULES } from '../../engine/rule-set.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { compileAllGates, lintConfig } from '../../policy/lint-config.ts';
import { openPolicy } from '../../policy/open-policy.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readNamedFile } from './read-file.ts';

/** `cordon policy check`: validates a cordon.yaml with all its conditions. An OPA server is not asked. */
export async function policyCheckCommand(file: string, io: Io): Promise<number> {
  const config = loadConfig(await readNamedFile(file, io), file);
  const gates = compileAllGates(config);
  const folder = dirname(resolve(io.cwd, file));
  if (config.policy.engine !== 'cel') {
    const sources = policySources(config, folder, io.env);
    await openPolicy(config, config.scan.gate ?? 'ci', sources).finally(() => sources.close());
  }
  io.stdout.write(`${file}: valid, decided by ${config.policy.engine}\n`);
  for (const { gate } of gates) {
    const incomplete = gate.allowIncomplete ? 'what was not read to its end warns' : 'what was not read to its end denies';
    io.stdout.write(`  gate ${gate.name}: ${gate.deny.length} deny, ${gate.warn.length} warn; ${incomplete}\n`);
  }
  if (config.waivers.length > 0) io.stdout.write(`  waivers: ${config.waivers.length}\n`);
  for (const warning of lintConfig(config, gates, RULES.keys())) io.stdout.write(`  warning: ${printable(warning)}\n`);
  return EXIT.allowed;
}
