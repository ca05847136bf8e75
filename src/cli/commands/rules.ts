import { printable } from '../../core/printable.ts';
import { ALL_RULES } from '../../engine/all-rules.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';

/** `cordon rules`: every rule with its severity and title. */
export function rulesCommand(flags: { readonly json?: boolean }, io: Io): number {
  const rules = [...ALL_RULES.values()];
  if (flags.json === true) io.stdout.write(`${JSON.stringify(rules, null, 2)}\n`);
  else {
    const width = Math.max(...rules.map((rule) => rule.id.length));
    for (const { id, severity, title } of rules) io.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${printable(title)}\n`);
  }
  return EXIT.allowed;
}
