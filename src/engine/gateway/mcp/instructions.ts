import { digestOf } from '../../../policy/digest-of.ts';
import { hasHiddenText } from '../../../policy/tools/pins.ts';
import { shortened } from './described-tools.ts';
import type { Shown } from './pin-review.ts';

/** The name under which instructions of a server are remembered among its tools. No tool can have it. */
export const INSTRUCTIONS = ':instructions';

/** Instructions of a server as something that is shown to a model. What the guard says of them is asked before. */
export function shownInstructions(text: string): Shown {
  return {
    name: INSTRUCTIONS,
    digest: digestOf(text),
    text: shortened(text),
    problem: hasHiddenText(text) ? 'has invisible characters' : undefined,
    isRefused: false,
  };
}
