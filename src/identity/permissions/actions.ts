/**
 * What can be done to an object. `admin` is managing the object itself: its members, roles, settings and removal.
 * `invoke` is calling a model through the gateway, `audit` is reading the ledger and who read what.
 */
export const ACTIONS = ['read', 'write', 'delete', 'invoke', 'approve', 'promote', 'recall', 'waive', 'audit', 'admin'] as const;

export type Action = (typeof ACTIONS)[number];

/** A set of actions, one bit each. */
export type ActionSet = number;

const BITS: Readonly<Record<Action, number>> = Object.fromEntries(ACTIONS.map((action, index) => [action, 1 << index])) as Record<
  Action,
  number
>;

/** Every action. */
export const ALL_ACTIONS: ActionSet = (1 << ACTIONS.length) - 1;

/** Actions as a set. */
export function actionSet(actions: readonly Action[]): ActionSet {
  let set = 0;
  for (const action of actions) set |= BITS[action];
  return set;
}

/** Whether an action is in a set. Why the lookup may miss: what a caller passes comes from requests in the end. */
export function hasAction(set: ActionSet, action: Action): boolean {
  return (set & (Object.hasOwn(BITS, action) ? BITS[action] : 0)) !== 0;
}
