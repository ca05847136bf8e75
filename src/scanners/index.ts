import type { FileScanner } from '../core/plugin.ts';

/** Every file scanner. Adding one is one line here. */
export const FILE_SCANNERS: readonly FileScanner[] = [];
