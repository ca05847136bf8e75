import type { Report } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';

/** What the caller knows and a report does not: where the text will be read. */
export interface ReporterOptions {
  /** ANSI colour. Only the terminal reporter looks at it. */
  readonly color?: boolean;
  /** Columns of the terminal; 80 unless told. */
  readonly width?: number;
  /** Show everything instead of one screen. */
  readonly all?: boolean;
  /** RFC 3339 time to put into formats that have a place for it. None by default, so that the same scan gives the same bytes. */
  readonly timestamp?: string;
}

/** Turns a report into text: pure, so that the same report gives the same bytes everywhere. */
export type Reporter = (report: Report, rules: ReadonlyMap<string, Rule>, options?: ReporterOptions) => string;
