import type { Task } from '../agent-traces/task.ts';
import { OFFICE } from './benign-1.ts';
import { WORK } from './benign-2.ts';
import { SERVICES } from './benign-3.ts';

const ALL = [...OFFICE, ...WORK, ...SERVICES];
const isHeldOut = ({ id }: Task): boolean => Number(id.split('-')[1]) % 2 === 0;

/** Tasks that may be looked at when the rules change. */
export const SEEN: readonly Task[] = ALL.filter((task) => !isHeldOut(task));
/** Tasks whose results are only counted: every second one, set aside before any of them was run. */
export const HELD_OUT: readonly Task[] = ALL.filter(isHeldOut);
