import { canonicalJson } from '../../../core/canonical-json.ts';
import type { PinPolicy } from '../../../core/tool-policy.ts';
import { readDescriptions } from '../../../policy/tools/pins.ts';
import { newToolSession } from '../../../policy/tools/taint/session.ts';

/** A description as a server gives it. */
export interface DescribedTool {
  readonly name: string;
  /** Empty where it cannot be read. */
  readonly digest: string;
  /** JSON, cut. */
  readonly text: string;
  /** What is wrong with it by itself; undefined: nothing. */
  readonly problem: string | undefined;
}

const NO_PINS: PinPolicy = { mode: 'first-use', tools: {} };
/** Why: an administrator reads it; nobody reads more. The digest is of the whole. */
const MAX_TEXT = 20_000;

/** Reads descriptions of a server. One that comes twice is a problem both times. */
export function describedTools(server: string, tools: readonly unknown[]): readonly DescribedTool[] {
  const names = tools.map(nameOf);
  return tools.map((tool, index) => {
    const session = newToolSession();
    const { findings } = readDescriptions(session, NO_PINS, server, [tool]);
    const problems = findings.map(({ message }) => message);
    const name = names[index]!;
    if (names.indexOf(name) !== names.lastIndexOf(name)) problems.push('is described twice');
    const digest = findings[0]?.digest ?? Object.values(session.pins)[0] ?? '';
    return { name, digest, text: digest === '' ? '' : textOf(tool), problem: problems.length === 0 ? undefined : problems.join('; ') };
  });
}

function nameOf(tool: unknown): string {
  const name = typeof tool === 'object' && tool !== null && 'name' in tool ? tool.name : '';
  return typeof name === 'string' ? name : '';
}

function textOf(tool: unknown): string {
  return shortened(canonicalJson(tool));
}

/** A text as administrators are shown it. */
export function shortened(text: string): string {
  // Why said: whoever approves it must know that there is more than what was read.
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters are not shown)`;
}
