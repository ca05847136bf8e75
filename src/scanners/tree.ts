import type { TreeScanner } from '../core/plugin.ts';
import { remoteCodeScanner } from './remote-code/scanner.ts';
import { requirementsScanner } from './requirements/scanner.ts';
import { weightsScanner } from './weights/scanner.ts';

/** Every tree scanner: those that reason across the files of a repository. */
export const TREE_SCANNERS: readonly TreeScanner[] = [remoteCodeScanner, requirementsScanner, weightsScanner];
