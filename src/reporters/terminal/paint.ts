import type { Colors } from 'picocolors/types.js';
import type { Severity } from '../../core/severity.ts';
import type { Tone } from '../text/summary.ts';

/** How this terminal is written on: its width in columns and its colours, which do nothing when colour is off. */
export interface Paint {
  readonly width: number;
  readonly tone: (tone: Tone, text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
}

/** A {@link Paint} over picocolors. */
export function paintWith(colors: Colors, width: number): Paint {
  const tones = { good: colors.green, warning: colors.yellow, bad: colors.red };
  const severities = { critical: colors.red, high: colors.red, medium: colors.yellow, low: colors.cyan, info: colors.gray };
  return {
    width,
    tone: (tone, text) => colors.bold(tones[tone](text)),
    severity: (severity, text) => colors.bold(severities[severity](text)),
    strong: colors.bold,
    quiet: colors.dim,
  };
}
