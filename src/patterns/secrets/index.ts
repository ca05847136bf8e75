import type { PatternDefinition } from '../matching/pattern.ts';
import { AI_PROVIDERS } from './ai-providers.ts';
import { CLOUD } from './cloud.ts';
import { DEVELOPER } from './developer.ts';
import { GENERIC } from './generic.ts';

/** Every kind of secret: the one source for the guard and the scanner of files. */
export const SECRET_PATTERNS: readonly PatternDefinition[] = [...AI_PROVIDERS, ...CLOUD, ...DEVELOPER, ...GENERIC];
