import { ACTIONS, type Action } from '../../core/access-config.ts';

/** A set of actions, one bit each. */
export type ActionSet = number;

const BITS: ReadonlyMap<string, number> = new Map(ACTIONS.map((action, index) => [action, 1 << index]));

/** Every action. */
export const ALL_ACTIONS: ActionSet = (1 << ACTIONS.length) - 1;

/** Actions as a set. */
export function actionSet(actions: readonly Action[]): ActionSet {
  let set = 0;
  for (const action of actions) set |= BITS.get(action) ?? 0;
  return set;
}

/** Whether an action is in a set; one that does not exist never is. */
export function hasAction(set: ActionSet, action: Action): boolean {
  return (set & (BITS.get(action) ?? 0)) !== 0;
}
